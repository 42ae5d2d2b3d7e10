#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/grid/country_names.hpp"
#include "common/report/explain/explain.hpp"
#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

/// A smaller model in a country's row.
struct ChosenReduction {
    std::size_t country;  ///< index into carbon::Accounting::countries
    std::size_t row;      ///< index into Reductions::rows
};

/// The smaller model that "COUNTRY/LABEL" names, in upper or lower case, as find_cell has the country; nothing where no
/// reduction has that label.
[[nodiscard]] std::optional<ChosenReduction> find_reduction(const Table& table, std::string_view name,
                                                            const carbon::CountryNames& names = {});

/// "USA/small, USA/int8": what names the smaller models; empty where there are none.
[[nodiscard]] std::string reduction_names(const Table& table);

/// What levers have made of the model of a cell's training, and how to have each explained; empty where there are none.
[[nodiscard]] std::string reductions_list(const Table& table, const Cell& cell);

/// How the price of a smaller model's levers and of requests to it comes about: Work, seconds, watts, joules and grams,
/// lever by lever and device by device, with the standing of each figure that is put in; its training's own model
/// beside it, and after how many requests the levers have paid. `run` is what `table` was built from.
[[nodiscard]] std::string explain_reduction(const Table& table, const run::RunRecord& run,
                                            const ChosenReduction& chosen, Figures figures = Figures::left_out);
/// The same facts with units in the keys, unrounded.
[[nodiscard]] nlohmann::ordered_json explain_reduction_json(const Table& table, const run::RunRecord& run,
                                                            const ChosenReduction& chosen);

/// The devices that answer requests to smaller models of a column's training; none where it has none.
[[nodiscard]] std::vector<RequestDevice> request_devices(const Table& table, const Column& column);

/// All figures that a request on the device may rest on, by key, below `profile`, `inference` and `serving`.
[[nodiscard]] nlohmann::ordered_json request_figures_json(const RequestDevice& device);

}  // namespace fedgram::report
