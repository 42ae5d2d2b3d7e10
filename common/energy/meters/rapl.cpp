#include "common/energy/meters/rapl.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "common/energy/meters/counter_meter.hpp"
#include "common/energy/meters/sysfs.hpp"

namespace fedgram::energy {

namespace {

namespace fs = std::filesystem;

struct Zone {
    fs::path folder;
    std::string label;   ///< "package-0", or "package-0/dram": two sockets each have a zone named "dram"
    std::string domain;  ///< "package", "dram", "psys"; empty for parts of a package
};

std::string domain(const std::string& name)
{
    // "package-0", and "package-0-die-1" where a package has several dies.
    if (name.starts_with("package")) return "package";
    if (name == "dram" || name == "psys") return name;
    return {};
}

/// intel-rapl:0:1 lies in intel-rapl:0. The class folder lists zones of all levels side by side.
std::string label(const fs::path& folder, const std::string& name)
{
    const auto id = folder.filename().string();
    const auto last = id.rfind(':');
    if (id.find(':') == last) return name;
    const auto parent = read_text(folder.parent_path() / id.substr(0, last) / "name");
    return (parent ? *parent : id.substr(0, last)) + "/" + name;
}

/// Each zone once. Newer chips show the same package by the control types intel-rapl and intel-rapl-mmio; the first
/// has the more parts.
std::vector<Zone> zones(const fs::path& powercap)
{
    auto folders = entries(powercap);
    std::stable_partition(folders.begin(), folders.end(),
                          [](const fs::path& folder) { return folder.filename().string().starts_with("intel-rapl:"); });
    std::vector<Zone> found;
    std::set<std::string> seen_elsewhere;
    std::string control_type;
    std::set<std::string> seen_here;
    for (const auto& folder : folders) {
        const auto id = folder.filename().string();
        const auto name = read_text(folder / "name");
        if (id.find(':') == std::string::npos || id.find("rapl") == std::string::npos || !name) continue;
        if (const auto type = id.substr(0, id.find(':')); type != control_type) {
            seen_elsewhere.merge(seen_here);
            control_type = type;
        }
        const auto zone_label = label(folder, *name);
        if (domain(*name).empty() || seen_elsewhere.contains(zone_label)) continue;
        seen_here.insert(zone_label);
        found.push_back({folder, zone_label, domain(*name)});
    }
    return found;
}

Counter counter(const Zone& zone, Watts most)
{
    CounterRules rules;
    rules.most = most;
    if (const auto range = read_count(zone.folder / "max_energy_range_uj"); range && *range > 0) rules.range = *range;
    return {zone.label, rules, [file = zone.folder / "energy_uj"] { return read_count(file); }};
}

/// A meter of all of them, or none: the sum of half the sockets would look like a whole one.
void add(Found& found, const std::string& name, Boundary boundary, const std::vector<Zone>& zones, Watts most)
{
    std::vector<Counter> counters;
    for (const auto& zone : zones) {
        const auto file = zone.folder / "energy_uj";
        if (const auto count = read_count(file); !count) {
            found.unavailable.push_back({name, count.reason(),
                                         "as root, chmod a+r " + file.string() +
                                             " until the next boot, or a udev rule for the subsystem powercap that "
                                             "gives a group read access for good"});
            return;
        }
        counters.push_back(counter(zone, most));
    }
    found.meters.push_back(std::make_unique<CounterMeter>(name, boundary, std::move(counters)));
}

std::vector<Zone> of_domains(const std::vector<Zone>& zones, const std::set<std::string>& domains)
{
    std::vector<Zone> chosen;
    for (const auto& zone : zones)
        if (domains.contains(zone.domain)) chosen.push_back(zone);
    return chosen;
}

}  // namespace

Found open_rapl(const fs::path& sys, Watts most)
{
    Found found;
    const auto powercap = sys / "class/powercap";
    const auto all = zones(powercap);
    const auto packages = of_domains(all, {"package", "dram"});
    const auto platform = of_domains(all, {"psys"});
    if (!packages.empty()) add(found, "RAPL package", Boundary::chip, packages, most);
    // The platform zone ends before the power supply: less than the wall's.
    if (!platform.empty()) add(found, "RAPL psys", Boundary::board, platform, most);
    if (all.empty())
        found.unavailable.push_back({"RAPL", "no energy counter in " + powercap.string(),
                                     "load the module intel_rapl_msr; a virtual machine or container hides it, so "
                                     "measure on its host"});
    return found;
}

}  // namespace fedgram::energy
