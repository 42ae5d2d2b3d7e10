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

/// A site: a text "provider:region" that is looked up; or an object with `provider` and `region` that are looked up,
/// whose other keys beat the record's. An object with gco2e_per_kwh needs no look-up: it has all keys of a region's
/// to_json, but pue_source may be missing. A site has a PUE. `path` is how errors name it. Throws SpecError.
[[nodiscard]] RegionIntensity parse_datacenter_site(const nlohmann::ordered_json& json, const std::string& path,
                                                    const RegionLookup& lookup);

/// What a data centre there draws from.
[[nodiscard]] GridIntensity grid_of(const RegionIntensity& site);

}  // namespace fedgram::carbon
