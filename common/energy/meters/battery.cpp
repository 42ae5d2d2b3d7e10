#include "common/energy/meters/battery.hpp"

#include <cmath>
#include <string>

#include "common/energy/meters/power_meter.hpp"
#include "common/energy/meters/sysfs.hpp"

namespace fedgram::energy {

namespace {

namespace fs = std::filesystem;

/// A device on batteries draws less.
constexpr Watts most_from_batteries{1000};

bool is_host_battery(const fs::path& supply)
{
    const auto type = read_text(supply / "type");
    const auto scope = read_text(supply / "scope");
    // Scope "Device" is a mouse's or a headset's own battery.
    return type && *type == "Battery" && !(scope && *scope == "Device");
}

/// Some drivers count what leaves the battery as negative.
Attempt<double> magnitude(const fs::path& file)
{
    const auto value = read_signed(file);
    if (!value) return Attempt<double>::missing(value.reason());
    return std::fabs(static_cast<double>(*value));
}

Attempt<Watts> discharge(const fs::path& battery)
{
    Watts power;
    if (const auto microwatts = magnitude(battery / "power_now")) {
        power = Watts{*microwatts * 1e-6};
    } else {
        const auto microvolts = magnitude(battery / "voltage_now");
        if (!microvolts) return Attempt<Watts>::missing(microvolts.reason());
        const auto microamperes = magnitude(battery / "current_now");
        if (!microamperes) return Attempt<Watts>::missing(microamperes.reason());
        power = Watts{*microvolts * *microamperes * 1e-12};
    }
    if (power == Watts{}) return Attempt<Watts>::missing(battery.string() + ": discharging, but reports no power");
    return power;
}

/// With two batteries one may rest while the other is discharged; none may be charged.
Attempt<Watts> power(const std::vector<fs::path>& batteries)
{
    Watts total;
    bool discharging = false;
    std::string resting;
    for (const auto& battery : batteries) {
        const auto status = read_text(battery / "status");
        if (!status) return Attempt<Watts>::missing(status.reason());
        const auto state = battery.string() + ": " + *status + ", which says nothing of what the device draws";
        if (*status == "Charging") return Attempt<Watts>::missing(state);
        if (*status != "Discharging") {
            resting = state;
            continue;
        }
        auto part = discharge(battery);
        if (!part) return part;
        total += *part;
        discharging = true;
    }
    if (!discharging) return Attempt<Watts>::missing(resting);
    return total;
}

}  // namespace

Found open_battery(const fs::path& sys)
{
    Found found;
    const auto supplies = sys / "class/power_supply";
    std::vector<fs::path> batteries;
    for (const auto& supply : entries(supplies))
        if (is_host_battery(supply)) batteries.push_back(supply);
    if (batteries.empty()) {
        found.unavailable.push_back({"battery", "none in " + supplies.string(), "a machine without one has none"});
        return found;
    }
    if (const auto now = power(batteries); !now) {
        found.unavailable.push_back(
            {"battery", now.reason(), "it is measured while it discharges: unplug the charger"});
        return found;
    }
    found.meters.push_back(std::make_unique<PowerMeter>("battery", Boundary::wall, most_from_batteries,
                                                        [batteries] { return power(batteries); }));
    return found;
}

}  // namespace fedgram::energy
