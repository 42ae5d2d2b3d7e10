#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/report/lifecycle/lifecycle.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

/// How a run's model is used: what `fedgram lifecycle` and `fedgram report` are asked of its life.
struct LifeOptions {
    std::string predictions{};  ///< "1e6/day"; empty: not asked
    double years = 1;
    std::string training{};       ///< a label; empty: the first with a result
    std::string retrain_every{};  ///< "90d"; empty: never
    double failed_share = 0;
    std::vector<std::filesystem::path> searches{};  ///< other folders whose runs led to the model
    std::vector<std::string>
        devices{};            ///< that answer: ids, paths, or "edge"; empty: the run's first in a data centre
    std::string on_device{};  ///< the clients' own: the same; empty: none
    double batch = 1;         ///< predictions that a data centre computes at once
    std::optional<double> request_bytes{};
    double answer_bytes = 0;
};

/// --predictions, which is given back, and the rest, which need it where it may be left out.
enum class Predictions { required, optional };
Option add_life_options(const Subcommand& sub, LifeOptions& options, Predictions predictions);

/// Throws SpecError for a plan that is none.
[[nodiscard]] report::LifePlan plan_of(const LifeOptions& options);

/// The lives of the models of `priced`, which is of `folder` under `assumptions`; of a search's winner, `options`
/// names the search among its `searches`. Throws SpecError where an option is wrong, or no training has a result.
[[nodiscard]] report::Lifecycle lives_of(const std::filesystem::path& folder, const PricedRun& priced,
                                         const AssumptionOptions& assumptions, const LifeOptions& options);

}  // namespace fedgram::experiments
