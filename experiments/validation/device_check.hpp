#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "experiments/validation/measurement.hpp"

namespace fedgram::experiments {

/// A modelled value beside a measured one.
struct Compared {
    double measured;
    double modelled;

    [[nodiscard]] double ratio() const { return modelled / measured; }
    /// Of at least 1, whichever is larger.
    [[nodiscard]] double factor() const { return ratio() < 1 ? 1 / ratio() : ratio(); }
};

struct CheckedRow {
    const MeasuredRow* row;
    std::optional<Compared> seconds;
    std::optional<Compared> watts;
    std::optional<Compared> joules;  ///< of a step, where both are measured and the seconds are no ratio
};

/// A profile beside all measurements of its device.
struct DeviceCheck {
    std::vector<CheckedRow> rows;
    /// Over the rows that are checked; nothing where there are none. Its source names those of the measurements.
    std::optional<energy::Validation> validation;
};

/// `device` gives another device's profile by its id, for rows that are ratios. Refers to `measurements`. Throws what
/// `device` throws.
[[nodiscard]] DeviceCheck check_device(const energy::DeviceProfile& profile, const Measurements& measurements,
                                       const std::function<energy::DeviceProfile(const std::string&)>& device);

}  // namespace fedgram::experiments
