#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/inference_profile.hpp"
#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::experiments {

/// Ids of the profiles of record of devices that answer batches. Some have a device profile, too.
[[nodiscard]] std::vector<std::string> serving_ids();

/// Such a profile as it is written, by its id in upper or lower case or by the path of a file of the user's; nothing
/// where neither is of that kind. Throws SpecError for a file that is no JSON.
[[nodiscard]] std::optional<nlohmann::ordered_json> find_serving_json(const std::string& id_or_path);

/// The profile of record of this id, in upper or lower case; nothing of another, or of a path.
[[nodiscard]] std::optional<energy::ServingProfile> serving_record(const std::string& id);

/// As `find_serving_json`, parsed. Throws SpecError for a wrong profile, too, with its file and key.
[[nodiscard]] std::optional<energy::ServingProfile> find_serving_profile(const std::string& id_or_path);

/// A device that a model is served on.
struct ServedDevice {
    energy::ServingProfile profile;
    /// Of one that answers one sample after the other: what fits into its RAM and flash.
    std::optional<energy::InferenceProfile> one_by_one{};
};

/// By its id, or by the path of a file of either kind. A device of record has the rent of its device profile. Throws
/// SpecError: an unknown one (lists the known ones), one without a rate, a wrong profile.
[[nodiscard]] ServedDevice served_device(const std::string& id_or_path);

/// Ids that `served_device` knows.
[[nodiscard]] std::vector<std::string> served_device_ids();

}  // namespace fedgram::experiments
