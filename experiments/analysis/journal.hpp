#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/analysis/journal_entry.hpp"
#include "experiments/analysis/search.hpp"

namespace fedgram::experiments::analysis {

/// All that was measured, in that order: a search's checkpoint, and what its result is made of.
struct Journal {
    std::string subject{};  ///< what is measured, as by a digest of model and profiles; another's can't be taken up
    std::vector<JournalEntry> entries{};

    friend bool operator==(const Journal&, const Journal&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const JournalEntry& entry);
[[nodiscard]] nlohmann::ordered_json to_json(const Journal& journal);
/// Throws DataError that names `where` (a file): of what is no journal that, of a damaged one its measurement and key.
[[nodiscard]] Journal journal_from_json(const nlohmann::ordered_json& json, const std::string& where);

using Measure = std::function<Measurement(const Probe&)>;
using Added = std::function<void(const Journal&)>;

/// Measures what the search wants, until it is over. What is known isn't measured again. What isn't goes behind what
/// is, and `added` is told of all that by then, to save it: a search that is carried out anew with the last of these
/// goes on where it stopped. The journal that comes back has what the search wanted, in its order, and nothing else.
/// Whatever `measure` or `added` throw goes through.
[[nodiscard]] Journal carry_out(Search& search, const Journal& known, const Measure& measure, const Added& added = {});

}  // namespace fedgram::experiments::analysis
