#pragma once

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/packed_layer.hpp"
#include "common/learning/int8/stage.hpp"

namespace fedgram::learning::int8 {

/// A fully connected layer and the ReLU behind it, for all samples at once. Flattening needs no copy: the weights are
/// in the order in which the codes lie.
class LinearStage final : public Stage {
public:
    /// Borrows `kernels`. No layout has a border.
    LinearStage(const Kernels& kernels, PackedLayer layer, const CodeLayout& in, const CodeLayout& out);

    void run(const StageInput& in, std::uint8_t* out, std::size_t samples) const override;

private:
    const Kernels& kernels_;
    PackedLayer layer_;
    CodeLayout in_;
    CodeLayout out_;
};

}  // namespace fedgram::learning::int8
