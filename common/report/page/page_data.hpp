#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/grid/grid.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/report/lifecycle/lifecycle.hpp"
#include "common/report/table/table.hpp"
#include "common/run/round_line.hpp"
#include "common/run/run_record.hpp"
#include "common/run/summary.hpp"

namespace fedgram::report {

/// Who holds what in one training: how many samples of each class each node trains on.
struct Holdings {
    std::vector<std::string> classes;
    std::vector<std::string> nodes;
    std::vector<std::vector<std::uint64_t>> counts;  ///< by node and class
    std::uint32_t left_out = 0;                      ///< nodes behind those shown
};

/// An attribution that a grid of the page asks for.
struct PageSource {
    std::string id;
    std::string text;
};

/// Whether somebody has said how many predictions a model makes.
enum class PlanOrigin { stated, assumed };

/// The lives of a run's models, and the plan that the page begins with.
struct PageLife {
    Lifecycle lives;
    PlanOrigin origin = PlanOrigin::stated;
};

/// All that a page shows of one run; borrowed.
struct PageInputs {
    const Table& table;
    const run::RunRecord& run;
    const run::RunSummary& summary;
    std::span<const run::RoundLine> rounds;
    /// What a reader may choose in the page: the run's own and those of record.
    std::span<const energy::DeviceProfile> devices;
    std::span<const carbon::GridIntensity> countries;
    std::span<const PageSource> sources;
    const std::map<std::string, Holdings>& holdings;  ///< by training, where they are known
    const std::string& version;                       ///< of the program that makes the page
    const std::optional<PageLife>& life;              ///< nothing: the page has no section on it
};

/// The page's data document: common/report/page/README.md has its keys. Numbers are unrounded; what isn't known is
/// null.
[[nodiscard]] nlohmann::ordered_json page_data(const PageInputs& inputs);

}  // namespace fedgram::report
