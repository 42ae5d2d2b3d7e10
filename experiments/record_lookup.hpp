#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/accounting.hpp"
#include "common/carbon/grid.hpp"
#include "common/carbon/published.hpp"

namespace fedgram::experiments {

/// The countries of record.
[[nodiscard]] carbon::GridTable grid_table();

/// Ids of the device profiles of record.
[[nodiscard]] std::vector<std::string> device_ids();

/// A device profile by its id, or by the path of a file of the user's (it holds a '/' or ends in ".json"). Throws
/// SpecError: an unknown id (lists the known ones), a file that isn't there or is no JSON.
[[nodiscard]] nlohmann::ordered_json device(const std::string& id_or_path);

/// A figure of record for the network's kWh per GB, as a JSON figure. Throws SpecError for an unknown id (lists the
/// known ones).
[[nodiscard]] nlohmann::ordered_json network_figure(const std::string& id);

/// Throws SpecError for an unknown id (lists the known ones).
[[nodiscard]] carbon::PublishedTable published_table(const std::string& id);

/// What the names in a spec's section `accounting` stand for.
[[nodiscard]] carbon::AccountingLookup accounting_lookup();

/// The section with its names replaced; see carbon::resolve_accounting. A published table is checked to be there.
[[nodiscard]] nlohmann::ordered_json resolved_accounting(const nlohmann::ordered_json& section);

}  // namespace fedgram::experiments
