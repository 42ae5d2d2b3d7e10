#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/learning/codec/codec.hpp"

namespace fedgram::learning {

/// What a node sends, and what it has left to send.
struct Feedback {
    std::vector<std::byte> message;
    std::vector<float> residual;  ///< to be kept only if the message counts; else the one before stays
};

/// Error feedback: p = residual + difference, parameter by parameter in float32; the message is p, encoded, and the new
/// residual p - decoded. So all that was ever sent, and the residual, are the sum of all differences but for the
/// rounding of float32. Where the message is empty (Codec::encode), the residual stays as it is. `residual` has the
/// model's size, or is empty: zeros.
[[nodiscard]] Feedback encode_with_feedback(const Codec& codec, std::span<const float> difference,
                                            std::span<const float> residual, CodecKey key);

}  // namespace fedgram::learning
