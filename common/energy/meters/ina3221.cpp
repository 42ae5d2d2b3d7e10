#include "common/energy/meters/ina3221.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "common/energy/meters/power_meter.hpp"
#include "common/energy/meters/sysfs.hpp"

namespace fedgram::energy {

namespace {

namespace fs = std::filesystem;

struct Rail {
    std::string label;
    fs::path power;    ///< milliwatts; empty where the driver gives only the next two
    fs::path voltage;  ///< millivolts
    fs::path current;  ///< milliamperes
};

/// What feeds the whole module, whole labels: VIN_SYS_5V0 of an AGX Orin is one rail among others.
constexpr std::array<std::string_view, 3> input_rails{"VDD_IN", "POM_5V_IN", "VIN"};

/// Far above any Jetson.
constexpr Watts most_per_module{500};

bool connected(const Attempt<std::string>& label) { return label && !label->empty() && *label != "NC"; }

/// Channels 1 to 3. in4 to in6 are the shunts' voltages and in7 their sum, not rails.
void add_hwmon_rails(const fs::path& chip, std::vector<Rail>& rails)
{
    for (const std::string channel : {"1", "2", "3"})
        if (const auto label = read_text(chip / ("in" + channel + "_label")); connected(label))
            rails.push_back({*label, {}, chip / ("in" + channel + "_input"), chip / ("curr" + channel + "_input")});
}

void add_iio_rails(const fs::path& chip, std::vector<Rail>& rails)
{
    for (const std::string channel : {"0", "1", "2"})
        if (const auto label = read_text(chip / ("rail_name_" + channel)); connected(label))
            rails.push_back({*label, chip / ("in_power" + channel + "_input"), {}, {}});
}

/// A board may have several chips: on a TX2 the input rail is on one, the GPU on the other.
std::vector<Rail> all_rails(const fs::path& drivers)
{
    std::vector<Rail> rails;
    for (const auto& device : entries(drivers / "ina3221"))
        for (const auto& chip : entries(device / "hwmon")) add_hwmon_rails(chip, rails);
    for (const auto& device : entries(drivers / "ina3221x"))
        for (const auto& chip : entries(device))
            if (chip.filename().string().starts_with("iio:device")) add_iio_rails(chip, rails);
    return rails;
}

Attempt<Watts> power(const Rail& rail)
{
    if (!rail.power.empty()) {
        const auto milliwatts = read_count(rail.power);
        return milliwatts ? Watts{static_cast<double>(*milliwatts) * 1e-3}
                          : Attempt<Watts>::missing(milliwatts.reason());
    }
    const auto millivolts = read_count(rail.voltage);
    if (!millivolts) return Attempt<Watts>::missing(millivolts.reason());
    const auto milliamperes = read_count(rail.current);
    if (!milliamperes) return Attempt<Watts>::missing(milliamperes.reason());
    return Watts{static_cast<double>(*millivolts) * static_cast<double>(*milliamperes) * 1e-6};
}

/// All of them or nothing: half a sum would look like a whole one.
Attempt<Watts> sum(const std::vector<Rail>& rails)
{
    Watts total;
    for (const auto& rail : rails) {
        auto part = power(rail);
        if (!part) return part;
        total += *part;
    }
    return total;
}

}  // namespace

Found open_ina3221(const fs::path& sys)
{
    Found found;
    const auto drivers = sys / "bus/i2c/drivers";
    auto rails = all_rails(drivers);
    if (rails.empty()) {
        found.unavailable.push_back({"INA3221", "no rail in " + (drivers / "ina3221").string(),
                                     "there is one on Jetson boards only; a container needs the host's /sys"});
        return found;
    }
    const auto input = std::find_if(rails.begin(), rails.end(), [](const Rail& rail) {
        return std::find(input_rails.begin(), input_rails.end(), rail.label) != input_rails.end();
    });
    if (input != rails.end()) rails = {*input};
    std::string name = "INA3221 " + rails.front().label;
    for (std::size_t index = 1; index < rails.size(); ++index) name += " + " + rails[index].label;
    if (const auto now = sum(rails); !now) {
        found.unavailable.push_back({name, now.reason(), "run as a user that may read this file"});
        return found;
    }
    found.meters.push_back(
        std::make_unique<PowerMeter>(name, Boundary::module, most_per_module, [rails] { return sum(rails); }));
    return found;
}

}  // namespace fedgram::energy
