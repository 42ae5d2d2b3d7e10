#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "common/learning/quantization/encoded_tensor.hpp"

namespace fedgram::learning {

/// Appends numbers as their bytes, little-endian.
template <class T>
void append_numbers(std::vector<std::byte>& bytes, std::span<const T> numbers)
{
    const auto added = std::as_bytes(numbers);
    bytes.insert(bytes.end(), added.begin(), added.end());
}

/// Reads a tensor's bytes from the first to the last. Errors are DataError and begin with the tensor's name.
class TensorBytes {
public:
    /// Throws unless there are so many bytes. Borrows the tensor.
    TensorBytes(const EncodedTensor& tensor, std::size_t expected);

    template <class T>
    [[nodiscard]] std::vector<T> numbers(std::size_t count)
    {
        std::vector<T> read(count);
        const auto part = std::span{tensor_.bytes}.subspan(place_, count * sizeof(T));
        if (!part.empty()) std::memcpy(read.data(), part.data(), part.size());
        place_ += part.size();
        return read;
    }
    /// Throws for one that no quantizer has.
    [[nodiscard]] std::vector<float> scales(std::size_t count);
    /// Throws for -128.
    [[nodiscard]] std::vector<std::int8_t> weight_codes(std::size_t count);

private:
    const EncodedTensor& tensor_;
    std::size_t place_ = 0;
};

}  // namespace fedgram::learning
