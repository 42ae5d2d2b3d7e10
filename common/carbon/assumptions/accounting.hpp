#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/accounting_lookup.hpp"
#include "common/carbon/assumptions/inference_load.hpp"
#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/assumptions/pue.hpp"
#include "common/carbon/assumptions/region_table.hpp"
#include "common/carbon/grid/grid.hpp"
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
    std::vector<energy::DeviceProfile> datacenter_devices;   ///< for centralized trainings
    energy::DeviceProfile edge_device;                       ///< for federated trainings
    energy::Execution execution = energy::Execution::eager;  ///< what all devices have in `execution`
    energy::Link link{20, 10};                               ///< assumed: a modest home line
    NetworkModel network;
    energy::Figure energy_usd_per_kwh{
        0.165, 0.084, 0.45, energy::EvidenceLevel::published,
        "globalpetrolprices, Q2 2025: households, world mean; band: Asia's mean to Ireland"};
    bool idle = true;                      ///< count what nodes draw while they wait for the slowest
    bool raw_data_upload = false;          ///< charge the centralized trainings for moving the data to the data centre
    InferenceLoad inference{};             ///< at which models that levers have made smaller are priced
    std::optional<std::string> published;  ///< name of a published table to stand beside ours
};

/// The section of a spec. A name stands for what `lookup` gives; an object in its place needs no look-up, so that
/// what to_json writes reads back the same with no_names(). Null counts as an empty section. Countries are looked up
/// first in the section's `grid_file`, where it has one.
/// Defaults, beside those of Accounting: USA, CHN, FRA; PUE 1.67 (Uptime Institute, world mean of 2019) and 1.11
/// (Google's US sites, 2020); v100 and k80; jetson-tx2; eager execution; no node_places, no sites, no published table.
/// Throws SpecError with the key's path ("accounting.pue[1]"), the value and what would be valid.
[[nodiscard]] Accounting parse_accounting(const nlohmann::ordered_json& section, const AccountingLookup& lookup);

/// `assumptions` with the keys that `changes`, a section in the same form, states. A `grid_file` among them also gives
/// those places of `assumptions` that it knows. Throws as parse_accounting does.
[[nodiscard]] Accounting with_changes(Accounting assumptions, const nlohmann::ordered_json& changes,
                                      const AccountingLookup& lookup);

/// The section without names.
[[nodiscard]] nlohmann::ordered_json to_json(const Accounting& accounting);

}  // namespace fedgram::carbon
