#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/table/table.hpp"

namespace fedgram::report {

/// Rows of texts, the heading first, and what they say in whole sentences.
struct TextRows {
    std::vector<std::vector<std::string>> rows;
    std::string note;
    std::string way_out{};  ///< of who reads it at a terminal: which command shows more
};

/// The rows as text, with the note, beneath an empty line; empty without rows.
[[nodiscard]] std::string section_of(const TextRows& table);

/// "1 request a second", "100 requests a second"
[[nodiscard]] std::string rate_words(double per_second);

/// "v100, PUE 1.67", "raspberry-pi-4"
[[nodiscard]] std::string device_words(const RequestDevice& device);

/// What levers have made of the models, and what that took; without rows where there are none.
[[nodiscard]] TextRows reduced_models(const Table& table);

/// What a request takes with each model, device by device: joules, grams, and after how many the levers have paid;
/// without rows where there are none.
[[nodiscard]] TextRows request_joules(const Table& table);
[[nodiscard]] TextRows request_grams(const Table& table);
[[nodiscard]] TextRows request_break_even(const Table& table);

/// All of these, each beneath an empty line; empty without rows.
[[nodiscard]] std::string reductions_section(const Table& table);

/// What stands beneath the tables, as the page has it too.
[[nodiscard]] nlohmann::ordered_json reduction_notes_json(const Table& table);

/// One row, unrounded.
[[nodiscard]] nlohmann::ordered_json reduction_row_json(const Table& table, const Reductions& reductions,
                                                        const ReductionRow& row);

/// Of all rows, unrounded, with each lever's own figures; or of a training's, by its place in Table::trainings.
[[nodiscard]] nlohmann::ordered_json reductions_json(const Table& table,
                                                     std::optional<std::size_t> training = std::nullopt);

}  // namespace fedgram::report
