#include "common/energy/meters/discover.hpp"

#include <cstdlib>
#include <iterator>
#include <memory>
#include <utility>

#include "common/energy/meters/battery.hpp"
#include "common/energy/meters/hwmon.hpp"
#include "common/energy/meters/ina3221.hpp"
#include "common/energy/meters/nvml.hpp"
#include "common/energy/meters/rapl.hpp"
#include "common/energy/meters/slurm_energy.hpp"

namespace fedgram::energy {

namespace {

void append(Found& all, Found more)
{
    std::move(more.meters.begin(), more.meters.end(), std::back_inserter(all.meters));
    std::move(more.unavailable.begin(), more.unavailable.end(), std::back_inserter(all.unavailable));
}

}  // namespace

std::filesystem::path sysfs_root()
{
    const char* root = std::getenv("FEDGRAM_SYSFS");
    return root != nullptr && *root != '\0' ? root : "/sys";
}

Found discover(const std::filesystem::path& root, const std::string& nvml_library)
{
    Found all;
    append(all, open_rapl(root));
    append(all, open_nvml(nvml_library));
    append(all, open_ina3221(root));
    append(all, open_battery(root));
    append(all, open_hwmon(root));
    append(all, open_slurm_energy());
    return all;
}

Found discover_machine(const std::filesystem::path& root)
{
    Found all;
    append(all, open_rapl(root));
    append(all, open_ina3221(root));
    append(all, open_battery(root));
    auto sensors = open_hwmon(root);
    std::erase_if(sensors.meters, [](const auto& meter) { return meter->boundary() != Boundary::wall; });
    append(all, std::move(sensors));
    return all;
}

}  // namespace fedgram::energy
