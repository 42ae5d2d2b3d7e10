#pragma once

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/packed_layer.hpp"
#include "common/learning/int8/stage.hpp"

namespace fedgram::learning::int8 {

/// A depthwise convolution, each of whose outputs sees its own channel alone, and the ReLU behind it. Its padding lies
/// in the border of its input, which holds the code of 0.
class DepthwiseStage final : public Stage {
public:
    struct Geometry {
        std::size_t stride = 1;
        std::size_t padding = 0;
    };

    /// Borrows `kernels`.
    DepthwiseStage(const Kernels& kernels, PackedLayer layer, const Geometry& geometry, const CodeLayout& in,
                   const CodeLayout& out);

    void run(const StageInput& in, std::uint8_t* out, std::size_t samples) const override;

private:
    const Kernels& kernels_;
    PackedLayer layer_;
    Geometry geometry_;
    CodeLayout in_;
    CodeLayout out_;
};

}  // namespace fedgram::learning::int8
