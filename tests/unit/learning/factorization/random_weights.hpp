#pragma once

#include <cstdint>
#include <vector>

#include "common/random/stream.hpp"

namespace fedgram::learning {

/// Independent standard normal values.
inline std::vector<float> random_weights(std::size_t count, std::uint64_t seed)
{
    Stream stream{seed, Purpose::initial_parameters};
    std::vector<float> values(count);
    for (auto& value : values) value = static_cast<float>(stream.normal());
    return values;
}

}  // namespace fedgram::learning
