#pragma once

#include <cstdint>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// How integers stand for reals: real = scale (code - zero_point), so that 0 is a code. `scale` is finite and above 0.
struct Quantizer {
    float scale = 1;
    std::int32_t zero_point = 0;

    friend bool operator==(const Quantizer&, const Quantizer&) = default;
};

/// A convolution or linear layer in integers. Its sum of products is exact in 32 bits.
struct QuantizedLayer {
    std::vector<std::int8_t> weights;  ///< -127 to 127, in the order of the layer's weight slot; zero point 0
    std::vector<float> weight_scales;  ///< one for the tensor, or one for each output channel
    std::vector<std::int32_t> biases;  ///< by output channel, in units of input scale x weight scale
    Quantizer input{};                 ///< of the activations that come in: codes 0 to 255
    Quantizer output{};                ///< of those that go out, behind the ReLU that follows, if one does
};

/// A model of layers in int8: activations are codes 0 to 255 with one quantizer a tensor, weights -127 to 127, sums
/// 32 bits. A sum becomes an output's code by one float32 multiplication, rounding halves to even, the zero point and a
/// clamp. Pooling and flattening pass codes on as they are. The last layer's codes are the logits, by its `output`.
struct QuantizedModel {
    Model model;
    std::vector<QuantizedLayer> layers;  ///< one for each layer that has weights, in the order of `all_layers`
    /// Of what each residual's addition gives, behind the ReLU that directly follows it, if one does; in the order of
    /// `all_layers`.
    std::vector<Quantizer> additions{};
};

}  // namespace fedgram::learning
