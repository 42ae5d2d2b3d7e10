#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/run/evaluation_set.hpp"
#include "common/run/node_test.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/text_table.hpp"
#include "experiments/sweep/sweep_runs.hpp"

namespace fedgram::experiments {

/// What a sweep keeps of one training of one run.
struct SweepRow {
    SweepRun run;
    std::string training;
    std::string kind;
    std::optional<bool> reached_target;
    bool diverged = false;
    run::EvaluationSet evaluated_on = run::EvaluationSet::test;  ///< what the next two are of
    double test_accuracy = 0;
    double best_test_accuracy = 0;
    std::optional<run::NodeTest> node_test{};
    std::uint32_t rounds = 0;
    double virtual_seconds = 0;
    std::string country;               ///< the first of the table
    std::string column;                ///< the training's first in the table
    std::optional<text::Band> band{};  ///< of the grams, where there is a result
    double spent_gco2e = 0;            ///< scope 2 and network, spent until the training ended, target reached or not
};

/// Reads a run's summary.json and table.json. Throws DataError when one is damaged.
[[nodiscard]] std::vector<SweepRow> read_rows(const SweepRun& run, const std::filesystem::path& folder);

/// A line for each row, with a heading; RFC 4180.
[[nodiscard]] std::string sweep_csv(const SweepPlan& plan, const std::vector<SweepRow>& rows);

/// A row for each combination of values and training: mean and standard deviation over the seeds.
[[nodiscard]] text::TextTable sweep_table(const SweepPlan& plan, const std::vector<SweepRow>& rows);

}  // namespace fedgram::experiments
