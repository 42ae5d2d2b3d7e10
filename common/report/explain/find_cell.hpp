#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/carbon/grid/country_names.hpp"
#include "common/report/table/table.hpp"

namespace fedgram::report {

/// "USA/federated-iid": the country's code and the column's heading.
[[nodiscard]] std::string cell_name(const Table& table, const Cell& cell);

/// The place of the country in the table's rows, by any name that find_cell takes. Throws SpecError that lists them.
[[nodiscard]] std::size_t find_country(const Table& table, std::string_view name,
                                       const carbon::CountryNames& names = {});

/// The cell that "COUNTRY/COLUMN" names, in upper or lower case: the country as the table or `names` call it, or the
/// series of a row by the hour; and the column's heading, else the label of a training with one column ("USA/sec",
/// though another is "secdp"), else a part that no other heading has ("USA/noniid"). Throws SpecError that lists the
/// names that come near.
[[nodiscard]] const Cell& find_cell(const Table& table, std::string_view name, const carbon::CountryNames& names = {});

}  // namespace fedgram::report
