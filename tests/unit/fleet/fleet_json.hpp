#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/places.hpp"
#include "common/error/error.hpp"
#include "common/fleet/fleet.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

namespace fedgram::fleet::test {

/// Knows the device "round", the country "FRA" and the region "x:west".
inline carbon::AccountingLookup lookup()
{
    auto lookup = carbon::no_names();
    lookup.device = [](const std::string& id) {
        auto device = energy::test::round_figures();
        device.id = id;
        return device;
    };
    lookup.country = [](const std::string& name) {
        if (name != "FRA") throw SpecError{"unknown country " + name};
        return carbon::GridIntensity{"FRA", "France", GramsPerKilowattHour{40}, 2024, "lifecycle", "test"};
    };
    lookup.region = [](const std::string& id, const auto&) {
        carbon::RegionIntensity region;
        region.provider = "x";
        region.region = id.substr(2);
        region.iso3 = "USA";
        region.intensity = GramsPerKilowattHour{300};
        region.year = 2024;
        region.basis = "lifecycle";
        region.source = "test";
        return region;
    };
    return lookup;
}

inline Fleet parse(const std::string& json, std::uint32_t nodes = 10, std::uint64_t seed = 1)
{
    const auto names = lookup();
    const carbon::Places places{nullptr, names};
    return parse_fleet(nlohmann::ordered_json::parse(json), "fleet", {seed, nodes, places, names});
}

}  // namespace fedgram::fleet::test
