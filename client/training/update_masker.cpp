#include "client/training/update_masker.hpp"

#include <cstring>

#include "common/learning/updates/norms.hpp"
#include "common/masking/mask_stream.hpp"
#include "common/masking/masked_sum.hpp"
#include "common/protocol/frame.hpp"

namespace fedgram::client {

void UpdateMasker::mask(NodeResult& result, std::span<const float> global, const Task& task) const
{
    auto& parameters = result.parameters;
    if (clip_) {
        const double norm = learning::l2_distance(parameters, global);
        if (norm > *clip_)
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                const auto origin = static_cast<double>(global[i]);
                parameters[i] =
                    static_cast<float>(origin + *clip_ / norm * (static_cast<double>(parameters[i]) - origin));
            }
    }
    auto encoded = rule_.encoded(parameters, global, weighs_samples_ ? result.samples : 1);
    if (!encoded) {
        parameters.clear();
        result.encoded_bytes = 0;
        return;
    }
    const auto masks = masking::masks_of({seed_, task.round}, task.node, task.neighbours);
    masking::apply(masks, rule_.ring(), encoded->words);
    const auto message = rule_.ring().packed(encoded->words);
    parameters.resize(protocol::floats_for(message.size()));
    std::memcpy(parameters.data(), message.data(), message.size());
    result.encoded_bytes = message.size();
}

}  // namespace fedgram::client
