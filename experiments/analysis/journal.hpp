#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/measurement.hpp"
#include "experiments/analysis/search.hpp"

namespace fedgram::experiments::analysis {

struct JournalEntry {
    Probe probe;
    Measurement measurement;

    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// All that was measured, in that order: a search's checkpoint, and what its result is made of.
struct Journal {
    std::string
        subject{};  ///< what was measured, such as a digest of model and profiles; another's isn't to be taken up
    std::vector<JournalEntry> entries{};

    friend bool operator==(const Journal&, const Journal&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const Journal& journal);
/// Throws DataError that names `where` (a file), the entry and the key.
[[nodiscard]] Journal journal_from_json(const nlohmann::ordered_json& json, const std::string& where);

/// Measures what the search wants, until it is over. What the journal knows is taken from it, and what it doesn't is
/// added behind and told to `added` (to save it). The journal that comes back holds what the search wanted, in its
/// order. Whatever `measure` or `added` throw goes through; the journal that was given to `added` last can be taken up.
using Measure = std::function<Measurement(const Probe&)>;
using Added = std::function<void(const Journal&)>;
[[nodiscard]] Journal carry_out(Search& search, const Journal& known, const Measure& measure, const Added& added = {});

}  // namespace fedgram::experiments::analysis
