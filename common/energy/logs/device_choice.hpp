#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fedgram::power_logs {

/// What a log calls one of its devices: the first name is shown, any of them chooses it.
using DeviceNames = std::vector<std::string>;

/// Which of a log's devices is read.
class DeviceChoice {
public:
    /// `wanted` is the option: empty for the only device that there is.
    explicit DeviceChoice(std::string wanted) : wanted_{std::move(wanted)} {}

    /// Whether a line of this device belongs to the log.
    [[nodiscard]] bool takes(const DeviceNames& device);

    /// The first name of the device that was read; empty where the log names none. Throws SpecError with the list where
    /// there were several, or none that bears the name.
    [[nodiscard]] std::string chosen() const;

private:
    std::string wanted_;
    std::set<DeviceNames> seen_;
    std::set<std::string> taken_;  ///< first names
};

}  // namespace fedgram::power_logs
