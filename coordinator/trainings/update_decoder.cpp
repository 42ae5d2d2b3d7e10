#include "coordinator/trainings/update_decoder.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "common/learning/updates/differences.hpp"

namespace fedgram::coordinator {

using learning::Refusal;
using learning::RefusalReason;

UpdateDecoder::UpdateDecoder(const spec::Federated& rule, std::uint64_t seed, std::size_t parameters) : seed_{seed}
{
    if (rule.compression.is_none()) return;
    codec_.emplace(rule.compression, static_cast<std::uint32_t>(parameters));
    decoded_.resize(parameters);
}

std::variant<std::span<const float>, Refusal> UpdateDecoder::parameters(const protocol::Frame& frame,
                                                                        std::span<const float> model,
                                                                        std::uint32_t round, std::uint32_t node)
{
    const bool is_encoded = frame.type == protocol::MessageType::encoded_update;
    if (is_encoded != codec_.has_value())
        return Refusal{RefusalReason::wrong_code, is_encoded ? "it is compressed, and this training's updates are not"
                                                             : "it is not compressed, and this training's updates are"};
    if (!codec_) return frame.payload;
    // A node writes nothing of values that can't be in a model.
    if (frame.payload_bytes == 0)
        return Refusal{RefusalReason::not_finite, "its training gave a value that is not finite, or far too large"};
    try {
        codec_->decode(frame.encoded(), {seed_, round, node}, decoded_);
    } catch (const DataError& error) {
        return Refusal{RefusalReason::wrong_code, error.what()};
    }
    learning::add(decoded_, model);
    return decoded_;
}

std::uint64_t largest_encoded_update(const spec::Experiment& experiment, const learning::Model& model)
{
    std::uint64_t largest = 0;
    const auto parameters = static_cast<std::uint32_t>(model.parameters.size);
    for (const auto& training : experiment.trainings) {
        const auto* federated = std::get_if<spec::Federated>(&training.kind);
        if (federated == nullptr) continue;
        // No ring has more than 64 bits.
        if (federated->secure_aggregation) largest = std::max<std::uint64_t>(largest, 8 * std::uint64_t{parameters});
        if (federated->pruning) largest = std::max<std::uint64_t>(largest, model.parameters.bytes());
        if (!federated->compression.is_none())
            largest = std::max(largest, learning::Codec{federated->compression, parameters}.largest_bytes());
    }
    return largest;
}

}  // namespace fedgram::coordinator
