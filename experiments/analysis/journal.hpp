#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/analysis/journal_entry.hpp"
#include "experiments/analysis/search.hpp"

namespace fedgram::experiments::analysis {

/// All that was measured, in that order: what a search goes on with, and what its result is made of.
struct Journal {
    std::vector<JournalEntry> entries{};

    friend bool operator==(const Journal&, const Journal&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const JournalEntry& entry);
/// Throws DataError that names `where`, as a line of a file, and the key.
[[nodiscard]] JournalEntry entry_from_json(const nlohmann::ordered_json& json, const std::string& where);

using Measure = std::function<Measurement(const Probe&)>;
using Added = std::function<void(const Journal&)>;

/// Measures what the search wants, until it is over. What is known isn't measured again. What isn't goes behind what
/// is, and `added` is told of all that by then, the new one last: a search that is carried out anew with what it was
/// told goes on where it stopped. The journal that comes back has what the search wanted, in its order, and nothing
/// else. Whatever `measure` or `added` throw goes through.
[[nodiscard]] Journal carry_out(Search& search, const Journal& known, const Measure& measure, const Added& added = {});

}  // namespace fedgram::experiments::analysis
