#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/learning/model/width_scaling.hpp"

namespace fedgram::learning {

/// One named tensor inside the flat array of a model's parameters.
struct ParameterSlot {
    std::string name;  ///< as in the TorchScript file, e.g. "conv1.weight"
    std::vector<std::int64_t> shape;
    std::size_t offset = 0;    ///< in floats
    std::size_t size = 0;      ///< in floats
    std::uint64_t fan_in = 0;  ///< of its layer; 0 where the model brings its own initial values
    WidthScaling scaling{};
    bool is_trained = true;  ///< false of a buffer, such as a running mean, which no optimizer touches
    float constant = 0;      ///< what it starts from where `fan_in` is 0 in a model of layers
};

/// Where each tensor lies. The flat array is the wire's payload, the optimizer's operand and the aggregate's summand.
struct ParameterTable {
    std::vector<ParameterSlot> slots;
    std::size_t size = 0;  ///< floats in all

    [[nodiscard]] std::size_t bytes() const { return size * sizeof(float); }
    /// Floats before the first buffer. Of a model of layers the buffers lie behind all that is trained.
    [[nodiscard]] std::size_t trained_size() const;
};

/// "bn1.running_var[3]": the tensor and the place in it of one float of the flat array, which must be within.
[[nodiscard]] std::string name_of(const ParameterTable& table, std::size_t index);

/// Lower-case hexadecimal SHA-256 of the parameters as little-endian float32.
[[nodiscard]] std::string sha256(std::span<const float> parameters);

}  // namespace fedgram::learning
