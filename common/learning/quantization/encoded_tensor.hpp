#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::learning {

/// A tensor as a model's file holds it.
struct EncodedTensor {
    std::string name;      ///< "conv1.weight"
    std::string encoding;  ///< a word of those in README.md
    std::vector<std::byte> bytes;

    friend bool operator==(const EncodedTensor&, const EncodedTensor&) = default;
};

/// How the floats of a tensor are stored in fewer bytes.
enum class FloatEncoding { fp16, bf16, int8, int8_per_channel };

[[nodiscard]] std::string_view word_of(FloatEncoding encoding);

/// Of a tensor with so many output channels, its equal parts. What is beyond fp16's or bf16's range becomes its largest
/// value. Throws DataError for a value that isn't finite.
[[nodiscard]] EncodedTensor encode_tensor(std::string name, std::span<const float> values, std::size_t channels,
                                          FloatEncoding encoding);

/// Fills `values`, as many as the tensor has. Throws DataError, by its name, for an encoding that isn't one of the
/// above, too few or too many bytes, and what encode_tensor doesn't write.
void decode_tensor(const EncodedTensor& tensor, std::size_t channels, std::span<float> values);

}  // namespace fedgram::learning
