#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/devices/inference_profile.hpp"

namespace fedgram::energy {

/// A device that answers requests, by what is known of it: float32 by its device profile, what was measured of its
/// inference by the other. At least one is there.
struct InferenceDevice {
    std::optional<DeviceProfile> profile{};
    std::optional<InferenceProfile> inference{};

    [[nodiscard]] const std::string& id() const { return profile ? profile->id : inference->id; }
    [[nodiscard]] bool is_in_data_centre() const { return profile && profile->device_class == DeviceClass::datacenter; }
    [[nodiscard]] std::optional<Watts> idle_power() const;
};

/// A profile of either kind, or {"profile": ..., "inference": ...}. `path` is how errors name it. Throws SpecError.
[[nodiscard]] InferenceDevice parse_inference_device(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same device.
[[nodiscard]] nlohmann::ordered_json to_json(const InferenceDevice& device);

}  // namespace fedgram::energy
