#pragma once

#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/region_table.hpp"
#include "common/carbon/grid/grid.hpp"

namespace fedgram::carbon {

/// A region of record by "provider:region", if asked for of that basis. Throws SpecError on one that it doesn't know.
using RegionLookup = std::function<RegionIntensity(const std::string& id, const std::optional<std::string>& basis)>;

/// A site as a spec states it, in full: of record by a text "provider:region", or by an object with `provider` and
/// `region` whose other keys beat the record's; an object with gco2e_per_kwh stays as it is. `path` is how errors name
/// it. Throws SpecError.
[[nodiscard]] nlohmann::ordered_json resolve_datacenter_site(const nlohmann::ordered_json& stated,
                                                             const std::string& path, const RegionLookup& lookup);

/// A site in full: the keys of a region's to_json, of which pue_source alone may be missing. It has a PUE. Throws
/// SpecError.
[[nodiscard]] RegionIntensity parse_datacenter_site(const nlohmann::ordered_json& json, const std::string& path);

/// What a data centre there draws from.
[[nodiscard]] GridIntensity grid_of(const RegionIntensity& site);

}  // namespace fedgram::carbon
