#include "common/learning/codec/error_feedback.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "common/learning/updates/differences.hpp"

namespace fedgram::learning {

Feedback encode_with_feedback(const Codec& codec, std::span<const float> difference, std::span<const float> residual,
                              CodecKey key)
{
    assert(residual.empty() || residual.size() == difference.size());
    std::vector<float> sum{difference.begin(), difference.end()};
    if (!residual.empty()) add(sum, residual);
    Feedback feedback{codec.encode(sum, key), std::vector<float>(difference.size())};
    if (feedback.message.empty()) {
        std::ranges::copy(residual, feedback.residual.begin());
        return feedback;
    }
    codec.decode(feedback.message, key, feedback.residual);
    subtract(sum, feedback.residual);
    feedback.residual = std::move(sum);
    return feedback;
}

}  // namespace fedgram::learning
