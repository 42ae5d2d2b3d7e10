#include "common/energy/logs/device_choice.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "common/text/joined.hpp"

namespace fedgram::power_logs {

namespace {

std::string shown(const std::set<DeviceNames>& devices)
{
    std::vector<std::string> texts;
    for (const auto& names : devices) {
        const std::vector<std::string> others{names.begin() + 1, names.end()};
        texts.push_back(names.front() + (others.empty() ? "" : " (" + text::joined(others) + ")"));
    }
    return text::joined(texts);
}

}  // namespace

bool DeviceChoice::takes(const DeviceNames& device)
{
    if (device.empty()) return wanted_.empty();
    seen_.insert(device);
    if (!wanted_.empty() && std::ranges::find(device, wanted_) == device.end()) return false;
    taken_.insert(device.front());
    return true;
}

std::string DeviceChoice::chosen() const
{
    if (taken_.size() == 1) return *taken_.begin();
    if (taken_.empty() && wanted_.empty()) return "";
    if (seen_.empty()) throw SpecError{"the log names no devices, so there is no \"" + wanted_ + "\" to choose"};
    if (taken_.empty()) throw SpecError{"the log has no device \"" + wanted_ + "\"; it has " + shown(seen_)};
    throw SpecError{"the log has several devices" + (wanted_.empty() ? "" : " called \"" + wanted_ + '"') +
                    "; choose one: " + shown(seen_)};
}

}  // namespace fedgram::power_logs
