#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "common/learning/codec/codec.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/updates/update_check.hpp"
#include "common/protocol/frame.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::coordinator {

/// The parameters of the updates that come: as they are, or x + difference in float32 where a training's updates are
/// compressed.
class UpdateDecoder {
public:
    UpdateDecoder(const spec::Federated& rule, std::uint64_t seed, std::size_t parameters);

    /// Of an update of `node` in `round`, trained from `model`; valid until the next call, or as long as the frame. Why
    /// there are none, for an update that isn't written as the training has it. Not for masked ones.
    [[nodiscard]] std::variant<std::span<const float>, learning::Refusal> parameters(const protocol::Frame& frame,
                                                                                     std::span<const float> model,
                                                                                     std::uint32_t round,
                                                                                     std::uint32_t node);

private:
    std::optional<learning::Codec> codec_;
    std::uint64_t seed_;
    std::vector<float> decoded_;
};

/// Bytes of the largest encoded update of all trainings; 0 where none compresses, masks or prunes.
[[nodiscard]] std::uint64_t largest_encoded_update(const spec::Experiment& experiment, const learning::Model& model);

}  // namespace fedgram::coordinator
