#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/pricing/node_devices.hpp"
#include "common/report/table/table.hpp"

namespace fedgram::report {

/// "40 % of the nodes", "12 nodes"
[[nodiscard]] std::string amount_text(const energy::NodeGroup& group);

/// Of the columns whose nodes are a fleet, what each group has in the first country: joules, grams, seconds busy,
/// waiting and lost. Empty without any.
[[nodiscard]] std::string fleet_sections(const Table& table);

/// What each group of the fleet has in a cell, in the order of the cell's places.
[[nodiscard]] nlohmann::ordered_json fleet_groups_json(const Table& table, const Cell& cell);

}  // namespace fedgram::report
