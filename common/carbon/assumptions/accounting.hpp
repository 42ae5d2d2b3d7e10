#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/datacenter_site.hpp"
#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/assumptions/pue.hpp"
#include "common/carbon/assumptions/region_table.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/carbon/grid/hourly_grid.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/link.hpp"

namespace fedgram::carbon {

/// The assumptions that turn Work into the table: the section `accounting` of a spec.
struct Accounting {
    std::vector<GridIntensity> countries;  ///< rows of the table
    /// Where the nodes are and their network is: node k at k mod the length, nothing: in the row's country. Empty: all
    /// are in the row's country.
    std::vector<std::optional<GridIntensity>> node_places;
    std::vector<RegionIntensity> datacenter_sites;  ///< columns with a grid and a PUE of their own
    std::vector<Pue> pue;
    std::vector<energy::DeviceProfile> datacenter_devices;  ///< for centralized trainings
    energy::DeviceProfile edge_device;                      ///< for federated trainings
    energy::Link link;
    NetworkModel network;
    energy::Figure energy_usd_per_kwh{
        0.165, 0.084, 0.45, energy::EvidenceLevel::published,
        "globalpetrolprices, Q2 2025: households, world mean; band: Asia's mean to Ireland"};
    bool idle = true;                      ///< count what nodes draw while they wait for the slowest
    bool raw_data_upload = false;          ///< charge the centralized trainings for moving the data to the data centre
    std::optional<std::string> published;  ///< name of a published table to stand beside ours
};

/// Where names are looked up. Each throws SpecError on a name that it doesn't know.
struct AccountingLookup {
    std::function<nlohmann::ordered_json(const std::string&)> device;  ///< id of a profile, or path of a file
    std::function<GridIntensity(const std::string&)> country;
    std::function<nlohmann::ordered_json(const std::string&)> network;  ///< id of a kWh/GB figure of record
    std::function<GridTable(const std::string&)> grid_file{};           ///< path of a user's own countries
    HourlyLookup hourly{};
    RegionLookup region{};
};

/// The section with names replaced by what they stand for and defaults filled in, so that it needs no look-up any
/// more. An object in the place of a name stays; so a resolved section stays as it is. Null counts as empty. A country
/// is looked up in `grid_file` first, where the section has one; the file itself isn't in the result, only its name, in
/// the source of what was found there.
/// Defaults: USA, CHN, FRA; PUE 1.67 (Uptime Institute, world mean of 2019) and 1.11 (Google's US sites, 2020);
/// v100 and k80; jetson-tx2; 20 Mbit/s down and 10 up (assumed: a modest home line); the router method with 7.5 W;
/// idle on; nodes in the row's country; no sites; raw data upload off; no published table.
/// Throws SpecError with the key's path ("accounting.pue[1]"), the value and what would be valid.
[[nodiscard]] nlohmann::ordered_json resolve_accounting(const nlohmann::ordered_json& section,
                                                        const AccountingLookup& lookup);

/// A resolved section. Throws SpecError as above.
[[nodiscard]] Accounting parse_accounting(const nlohmann::ordered_json& resolved);
[[nodiscard]] nlohmann::ordered_json to_json(const Accounting& accounting);

}  // namespace fedgram::carbon
