#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
#include "experiments/lookup/hourly_choice.hpp"

namespace fedgram::experiments {

/// Assumptions that stand in for those of a run. What is empty stays as the run's specification has it.
struct AssumptionOptions {
    std::vector<std::string> countries{};
    std::vector<std::string> node_places{};  ///< names; "row" is the row's country
    std::vector<std::string> sites{};        ///< cloud regions
    std::vector<std::string> hourly{};       ///< rows by the hour: names of record, or paths of files
    HourlyChoice hourly_choice{};            ///< how the files are read
    std::string from{};                      ///< UTC; empty: the beginning of each series
    std::string grid_file{};                 ///< a user's own countries: they come before those of the run
    std::vector<double> pue{};
    std::vector<std::string> datacenter_devices{};  ///< ids or paths
    std::string edge_device{};                      ///< all nodes are of it, those of a fleet too
    std::string fleet{};                            ///< path of a fleet's groups, which all nodes are
    std::string execution{};                        ///< "eager", "graph"
    std::string network{};                          ///< "router", "kwh_per_gb"
    std::string kwh_per_gb{};                       ///< a number, or the id of a figure of record
    std::vector<std::string> inference_devices{};   ///< ids or paths; on which requests are priced
    std::optional<double> inference_rate{};         ///< requests a second
    std::optional<double> target{};                 ///< as if trainings had stopped there; absent: as they did
    bool measured = false;                          ///< with columns of measured trainings
    bool verify = false;                            ///< by all of the ledger, against which the run's digest is checked

    friend bool operator==(const AssumptionOptions&, const AssumptionOptions&) = default;
};

/// `assumptions` with what the options change. Throws SpecError where an assumption is wrong.
[[nodiscard]] carbon::Accounting assumed(const carbon::Accounting& assumptions, const AssumptionOptions& options);

/// A run folder, and the table that it makes under some assumptions.
struct PricedRun {
    run::RunRecord run;
    report::Table table;
    std::vector<std::string> idle_options{};  ///< options that change nothing here: see refuse_idle_options
};

/// Reads `folder` and prices it, without training. Throws DataError where the folder holds no whole run, or a digest
/// that was to be checked is wrong; SpecError where an assumption is wrong, or measured trainings are asked for where
/// there are none.
[[nodiscard]] PricedRun priced_run(const std::filesystem::path& folder, const AssumptionOptions& options);

}  // namespace fedgram::experiments
