#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/search/course.hpp"
#include "experiments/sweep/sweep_plan.hpp"

namespace fedgram::experiments {

/// How far a trial came. Its joules and grams are those of all its seeds, modelled; `core_seconds` are this host's.
struct TrialResult {
    std::size_t trial = 0;                  ///< in the order in which settings are drawn
    std::vector<std::string> values;        ///< in the order of the plan's keys
    std::uint32_t rounds = 0;               ///< behind which it stands
    std::uint64_t trained_rounds = 0;       ///< over all seeds
    bool ended = false;                     ///< by its own rule, or at the top rung; otherwise it was not let go on
    std::optional<double> best_accuracy{};  ///< on the validation split, of the mean over the seeds
    double joules = 0;
    double gco2e = 0;
    double virtual_seconds = 0;
    double core_seconds = 0;
    std::optional<CoursePoint> answer{};  ///< to the objective
    std::string failure{};                ///< one line; empty while there is none

    friend bool operator==(const TrialResult&, const TrialResult&) = default;
};

/// A trial that won, measured on the test set.
struct MeasuredTrial {
    std::size_t trial = 0;
    CoursePoint answer;
    std::vector<double> test_accuracies;  ///< by seed

    friend bool operator==(const MeasuredTrial&, const MeasuredTrial&) = default;
};

/// What a search took: sums over its trials.
struct SearchPrice {
    std::uint64_t trained_rounds = 0;
    double joules = 0;
    double gco2e = 0;
    double virtual_seconds = 0;
    double core_seconds = 0;
};

/// What came of a search. All that it spent is in it: failed trials, and those that were not let go on.
struct SearchResult {
    std::string training;             ///< whose accuracy and grams it looked at; empty without an objective: of all
    std::string country;              ///< of the grams
    std::vector<TrialResult> trials;  ///< those that began
    std::size_t planned = 0;          ///< trials that there would have been
    bool stopped = false;             ///< by a signal, before it was over
    bool budget_spent = false;        ///< which is why some never began, or didn't go on
    /// By the clock of the virtual workers; nothing where it decides nothing.
    std::optional<double> virtual_seconds{};
    std::vector<MeasuredTrial> winners{};  ///< best first; of a front, all of it by rising grams

    [[nodiscard]] SearchPrice price() const;
    friend bool operator==(const SearchResult&, const SearchResult&) = default;
};

/// The trials that answer the objective best: one, or all on the front; as places in `trials`.
[[nodiscard]] std::vector<std::size_t> winners_of(const Objective& objective, const std::vector<TrialResult>& trials);

/// The name of the file in a sweep's folder that holds it.
inline constexpr const char* search_file = "search.json";

[[nodiscard]] nlohmann::ordered_json to_json(const SearchResult& result, const SweepPlan& plan);
/// FOLDER/search.json; nothing where there is none. Throws DataError that names file and key.
[[nodiscard]] std::optional<SearchResult> find_search_result(const std::filesystem::path& folder);

}  // namespace fedgram::experiments
