#pragma once

#include <vector>

#include "common/energy/devices/inference_device.hpp"

namespace fedgram::carbon {

/// What a model's use is priced at: one request after the other, each by itself, on devices that wait in between.
struct InferenceLoad {
    std::vector<energy::InferenceDevice> devices{};  ///< empty: the first data-centre device and the edge device
    double per_second = 1;                           ///< requests, above 0

    [[nodiscard]] bool is_default() const { return devices.empty() && per_second == 1; }
};

}  // namespace fedgram::carbon
