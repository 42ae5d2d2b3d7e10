#include "common/energy/meters/hwmon.hpp"

#include <string>

#include "common/energy/meters/counter_meter.hpp"
#include "common/energy/meters/power_meter.hpp"
#include "common/energy/meters/sysfs.hpp"

namespace fedgram::energy {

namespace {

namespace fs = std::filesystem;

/// A whole server; no sensor of hwmon sees more.
constexpr Watts most_per_sensor{10'000};

/// The interface doesn't tell what a sensor encloses, but some drivers are known.
Boundary boundary(const std::string& driver)
{
    if (driver == "power_meter" || driver == "corsairpsu") return Boundary::wall;
    if (driver == "amd_energy" || driver == "amdgpu" || driver == "fam15h_power") return Boundary::chip;
    return Boundary::board;
}

/// Batteries show up here as well, charging or not.
bool is_power_supply(const fs::path& chip)
{
    std::error_code ignored;
    return fs::read_symlink(chip / "device/subsystem", ignored).filename() == "power_supply";
}

void add_failure(Found& found, const std::string& name, const std::string& reason)
{
    found.unavailable.push_back({name, reason, "as root, chmod a+r this file until the next boot"});
}

void add_counter(Found& found, const std::string& name, Boundary boundary, const fs::path& file)
{
    if (const auto count = read_count(file); !count) return add_failure(found, name, count.reason());
    CounterRules rules;
    rules.most = most_per_sensor;
    rules.update_period = std::chrono::seconds{1};  // the slowest that drivers are known for
    std::vector<Counter> counters{{name, rules, [file] { return read_count(file); }}};
    found.meters.push_back(std::make_unique<CounterMeter>(name, boundary, std::move(counters)));
}

void add_power(Found& found, const std::string& name, Boundary boundary, const fs::path& file)
{
    const auto read = [file] {
        const auto microwatts = read_count(file);
        return microwatts ? Watts{static_cast<double>(*microwatts) * 1e-6}
                          : Attempt<Watts>::missing(microwatts.reason());
    };
    if (const auto power = read(); !power) return add_failure(found, name, power.reason());
    found.meters.push_back(std::make_unique<PowerMeter>(name, boundary, most_per_sensor, read));
}

void add_chip(Found& found, const fs::path& chip)
{
    const auto driver = read_text(chip / "name");
    const std::string driver_name = driver ? *driver : chip.filename().string();
    if (driver_name == "ina3221" || is_power_supply(chip)) return;

    const auto name_of = [&](const std::string& channel) {
        const auto label = read_text(chip / (channel + "_label"));
        return "hwmon " + driver_name + " " + (label && !label->empty() ? *label : channel);
    };
    bool counts = false;
    for (const auto& file : entries(chip)) {
        const auto name = file.filename().string();
        if (!name.starts_with("energy") || !name.ends_with("_input")) continue;
        counts = true;
        const auto meter = name_of(name.substr(0, name.find('_')));
        // amd_energy counts each core, and the socket that holds them.
        if (meter.find("Ecore") == std::string::npos) add_counter(found, meter, boundary(driver_name), file);
    }
    if (counts) return;
    std::error_code ignored;
    for (const auto& file : entries(chip)) {
        const auto name = file.filename().string();
        const auto channel = name.substr(0, name.find('_'));
        const bool average = name.ends_with("_average");
        const bool momentary = name.ends_with("_input");
        if (!name.starts_with("power") || !(average || momentary)) continue;
        // A mean misses nothing between two samples.
        if (momentary && fs::exists(chip / (channel + "_average"), ignored)) continue;
        add_power(found, name_of(channel), boundary(driver_name), file);
    }
}

}  // namespace

Found open_hwmon(const fs::path& sys)
{
    Found found;
    const auto folder = sys / "class/hwmon";
    for (const auto& chip : entries(folder)) add_chip(found, chip);
    if (found.meters.empty() && found.unavailable.empty())
        found.unavailable.push_back({"hwmon", "no energy or power sensor in " + folder.string(),
                                     "load the driver of the machine's power meter (acpi_power_meter, amdgpu)"});
    return found;
}

}  // namespace fedgram::energy
