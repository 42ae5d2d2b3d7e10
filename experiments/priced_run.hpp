#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/carbon/accounting.hpp"
#include "common/carbon/run_record.hpp"
#include "common/carbon/table.hpp"

namespace fedgram::experiments {

/// Assumptions that stand in for those of a run. What is empty stays as the run's specification has it.
struct AssumptionOptions {
    std::vector<std::string> countries{};
    std::vector<double> pue{};
    std::vector<std::string> datacenter_devices{};  ///< ids or paths
    std::string edge_device{};
    std::string network{};     ///< "router", "kwh_per_gb"
    std::string kwh_per_gb{};  ///< a number, or the id of a figure of record
};

/// A run folder, and the table that it makes under some assumptions.
struct PricedRun {
    carbon::RunRecord run;
    carbon::Table table;
};

/// Reads `folder` and prices it, without training. Throws DataError where the folder holds no whole run, SpecError
/// where an assumption is wrong.
[[nodiscard]] PricedRun priced_run(const std::filesystem::path& folder, const AssumptionOptions& options);

}  // namespace fedgram::experiments
