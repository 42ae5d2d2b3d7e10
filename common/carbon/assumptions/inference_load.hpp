#pragma once

#include <string>
#include <vector>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::carbon {

/// What a model's use is priced at: one request after the other, each by itself, on devices that wait in between.
struct InferenceLoad {
    std::vector<energy::InferenceDevice> devices{};  ///< empty: the first data-centre device and the edge device
    double per_second = 1;                           ///< requests, above 0
    /// By which devices of the same id are priced that the accounting names: its own, the first in a data centre, and
    /// the edge device.
    std::vector<energy::ServingProfile> serving{};

    [[nodiscard]] bool is_default() const { return devices.empty() && per_second == 1 && serving.empty(); }
    /// Nothing of a device without such a record, or of one that a file of the user's describes.
    [[nodiscard]] const energy::ServingProfile* served_by(const std::string& id) const;
};

}  // namespace fedgram::carbon
