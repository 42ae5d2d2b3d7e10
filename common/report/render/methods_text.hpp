#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/table/table.hpp"

namespace fedgram::report {

/// What a table's federated methods cost as rows of texts, the heading first: a row for each training, and one more for
/// each method beyond its first. Empty where no training does more than plain FedAvg.
[[nodiscard]] std::vector<std::vector<std::string>> methods_rows(const Table& table);

/// What the rows say, in whole sentences.
[[nodiscard]] std::string methods_note(const Table& table);

/// Both, beneath an empty line; empty without rows.
[[nodiscard]] std::string methods_section(const Table& table);

/// Of all rows, unrounded, and of a column's; null where it has none.
[[nodiscard]] nlohmann::ordered_json methods_json(const Table& table);
[[nodiscard]] nlohmann::ordered_json methods_json(const Table& table, std::size_t column);

}  // namespace fedgram::report
