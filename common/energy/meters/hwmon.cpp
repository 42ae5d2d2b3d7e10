#include "common/energy/meters/hwmon.hpp"

#include <map>
#include <string>
#include <vector>

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

struct Sensor {
    std::string name;     ///< "hwmon amdgpu PPT"
    std::string place;    ///< the device's address on its bus, which stays; hwmon's own numbers change with a boot
    std::string channel;  ///< "power1"
    Boundary encloses;
    fs::path file;
    bool counts;  ///< energy, not power
};

std::string place_of(const fs::path& chip)
{
    std::error_code ignored;
    const auto device = fs::read_symlink(chip / "device", ignored).filename().string();
    return device.empty() ? chip.filename().string() : device;
}

void add_sensors(std::vector<Sensor>& sensors, const fs::path& chip)
{
    const auto driver = read_text(chip / "name");
    const std::string driver_name = driver ? *driver : chip.filename().string();
    if (driver_name == "ina3221" || is_power_supply(chip)) return;

    const auto add = [&](const std::string& channel, const fs::path& file, bool counts) {
        const auto label = read_text(chip / (channel + "_label"));
        const auto name = "hwmon " + driver_name + " " + (label && !label->empty() ? *label : channel);
        // amd_energy counts each core, and the socket that holds them.
        if (counts && name.find("Ecore") != std::string::npos) return;
        sensors.push_back({name, place_of(chip), channel, boundary(driver_name), file, counts});
    };
    bool counts = false;
    for (const auto& file : entries(chip)) {
        const auto name = file.filename().string();
        if (!name.starts_with("energy") || !name.ends_with("_input")) continue;
        counts = true;
        add(name.substr(0, name.find('_')), file, true);
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
        add(channel, file, false);
    }
}

/// Puts what `more` gives of a sensor behind the names that several have. One that stands alone keeps its short name.
template <class More>
void tell_apart(std::vector<Sensor>& sensors, const More& more)
{
    std::map<std::string, int> bearers;
    for (const auto& sensor : sensors) ++bearers[sensor.name];
    for (auto& sensor : sensors)
        if (bearers[sensor.name] > 1) sensor.name += " " + more(sensor);
}

void add_counter(Found& found, const Sensor& sensor)
{
    CounterRules rules;
    rules.most = most_per_sensor;
    rules.update_period = std::chrono::seconds{1};  // the slowest that drivers are known for
    std::vector<Counter> counters{{sensor.name, rules, [file = sensor.file] { return read_count(file); }}};
    found.meters.push_back(std::make_unique<CounterMeter>(sensor.name, sensor.encloses, std::move(counters)));
}

void add_power(Found& found, const Sensor& sensor)
{
    const auto read = [file = sensor.file] {
        const auto microwatts = read_count(file);
        return microwatts ? Watts{static_cast<double>(*microwatts) * 1e-6}
                          : Attempt<Watts>::missing(microwatts.reason());
    };
    found.meters.push_back(std::make_unique<PowerMeter>(sensor.name, sensor.encloses, most_per_sensor, read));
}

void add_meter(Found& found, const Sensor& sensor)
{
    if (const auto now = read_count(sensor.file); !now)
        found.unavailable.push_back({sensor.name, now.reason(), "as root, chmod a+r this file until the next boot"});
    else if (sensor.counts)
        add_counter(found, sensor);
    else
        add_power(found, sensor);
}

}  // namespace

Found open_hwmon(const fs::path& sys)
{
    Found found;
    const auto folder = sys / "class/hwmon";
    std::vector<Sensor> sensors;
    for (const auto& chip : entries(folder)) add_sensors(sensors, chip);
    tell_apart(sensors, [](const Sensor& sensor) { return sensor.place; });
    tell_apart(sensors, [](const Sensor& sensor) { return sensor.channel; });
    for (const auto& sensor : sensors) add_meter(found, sensor);
    if (found.meters.empty() && found.unavailable.empty())
        found.unavailable.push_back({"hwmon", "no energy or power sensor in " + folder.string(),
                                     "load the driver of the machine's power meter (acpi_power_meter, amdgpu)"});
    return found;
}

}  // namespace fedgram::energy
