#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/search/objective.hpp"

namespace fedgram::experiments {

/// Numbers that a search draws a key's value from.
struct ValueRange {
    double low = 0;
    double high = 0;
    bool logarithmic = false;  ///< evenly by the logarithm
    bool whole = false;        ///< whole numbers alone

    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// A key that a sweep sets.
struct SweepKey {
    std::string key;                    ///< as `--set` takes it
    std::vector<std::string> values{};  ///< as JSON text; empty where there is a range
    std::optional<ValueRange> range{};
    /// It is set only where each of these keys, which stand before it, has one of these values.
    std::vector<std::pair<std::string, std::vector<std::string>>> when{};

    [[nodiscard]] bool varies() const { return range || values.size() > 1; }
    friend bool operator==(const SweepKey&, const SweepKey&) = default;
};

enum class SearchMethod { grid, random, successive_halving, hyperband, asha };

/// How settings are chosen, and for how long each is trained.
struct SearchRule {
    SearchMethod method = SearchMethod::grid;
    std::uint32_t trials = 0;      ///< random, successive_halving, asha: how many settings are drawn
    std::uint64_t seed = 1;        ///< of the draws
    std::uint32_t eta = 3;         ///< one in so many goes on to the next rung
    std::uint32_t passes = 1;      ///< hyperband: how often all of its brackets are gone through, with new settings
    std::uint32_t min_rounds = 1;  ///< of the bottom rung; successive_halving, asha
    std::uint32_t max_rounds = 0;  ///< of the top rung; methods with rungs
    std::optional<std::uint32_t> workers{};  ///< virtual ones; nothing: one a trial

    [[nodiscard]] bool has_rungs() const { return method >= SearchMethod::successive_halving; }
    friend bool operator==(const SearchRule&, const SearchRule&) = default;
};

/// What a sweep may spend; the trial that goes beyond is the last one. One of them.
struct SweepBudget {
    enum class Unit { runs, core_seconds, joules, gco2e };

    Unit unit = Unit::runs;
    double most = 0;

    friend bool operator==(const SweepBudget&, const SweepBudget&) = default;
};

/// A sweep file: a specification, the values that some of its keys take, seeds, and how to look for the best.
struct SweepPlan {
    std::string spec;  ///< name of a shipped one, or a path
    std::vector<SweepKey> keys;
    std::vector<std::uint64_t> seeds{1};
    SearchRule search{};
    std::optional<Objective> objective{};  ///< nothing: a table of all runs, and no winner
    std::optional<SweepBudget> budget{};

    /// Something is chosen, or left out: there is more to tell than a table of runs.
    [[nodiscard]] bool is_search() const { return objective || budget || search.method != SearchMethod::grid; }
};

/// "successive_halving", as the file has it.
[[nodiscard]] std::string_view name(SearchMethod method);
/// "core_seconds"; of what is counted.
[[nodiscard]] std::string_view name(SweepBudget::Unit unit);
/// "greenest"
[[nodiscard]] std::string_view name(Objective::Kind kind);

/// Throws SpecError with the key's path, the value and what would be valid; of two values, too, that would give runs
/// the same name.
[[nodiscard]] SweepPlan parse_sweep(const nlohmann::ordered_json& json);
/// What `parse_sweep` reads back.
[[nodiscard]] nlohmann::ordered_json to_json(const SweepPlan& plan);

/// A key's last part, or all of it where another key of the plan ends alike.
[[nodiscard]] std::string short_key(const SweepPlan& plan, const std::string& key);

/// "local_epochs 5, alpha 0.1": the keys that vary, with a run's values of all keys; the specification's name where
/// none does, or none is set.
[[nodiscard]] std::string setting_name(const SweepPlan& plan, const std::vector<std::string>& values);

/// A value as people write it: a text without its quotes.
[[nodiscard]] std::string plain(const std::string& json_text);

}  // namespace fedgram::experiments
