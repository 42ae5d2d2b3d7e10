#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/carbon/assumptions/datacenter_site.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/carbon/grid/hourly_grid.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/energy/devices/figure.hpp"
#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::carbon {

/// Where the names in a section `accounting` are looked up. Each throws SpecError on a name that it doesn't know.
struct AccountingLookup {
    std::function<energy::DeviceProfile(const std::string&)> device;  ///< id of a profile, or path of a file
    std::function<energy::InferenceDevice(const std::string&)> inference_device;  ///< the same, of either profile
    std::function<GridIntensity(const std::string&)> country;
    std::function<energy::Figure(const std::string&)> network;  ///< id of a kWh/GB figure of record
    std::function<GridTable(const std::string&)> grid_file;     ///< path of a user's own countries
    HourlyLookup hourly;
    RegionLookup region;
    /// Of a device that answers batches, by its id; nothing where there is none, as of the path of a file. Empty: there
    /// are none at all.
    std::function<std::optional<energy::ServingProfile>(const std::string&)> serving{};
};

/// For the section of a run folder, which stands for itself: refuses each name.
[[nodiscard]] AccountingLookup no_names();

}  // namespace fedgram::carbon
