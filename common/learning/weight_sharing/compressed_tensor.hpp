#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/weight_sharing/shared_weights.hpp"

namespace fedgram::learning {

/// An index takes so many bits at most, and 1 at least.
inline constexpr unsigned most_index_bits = 8;

/// The bytes of a compressed tensor, by what they are for.
struct CompressedBytes {
    std::uint64_t head = 0;  ///< how the rest is to be read
    std::uint64_t codebook = 0;
    std::uint64_t weight_table = 0;  ///< of Huffman's code, where the weights' codes have one
    std::uint64_t weights = 0;
    std::uint64_t index_table = 0;  ///< where the indices have one
    std::uint64_t indices = 0;

    [[nodiscard]] std::uint64_t total() const
    {
        return head + codebook + weight_table + weights + index_table + indices;
    }
};

struct CompressedTensor {
    std::vector<std::byte> bytes;
    CompressedBytes size;       ///< its total is bytes.size()
    std::uint64_t entries = 0;  ///< weights other than code 0, and fillers
};

/// The tensor as Deep Compression stores it (Han et al. 2016, arXiv:1510.00149): for each weight whose code isn't 0,
/// the code and how many weights were passed over, in `index_bits` bits; a filler of code 0 where they are too many.
/// Each of the two streams is plain or in Huffman's code, whichever takes fewer bytes. README.md has the bytes. Throws
/// SpecError unless `index_bits` is 1 to 8.
[[nodiscard]] CompressedTensor compress(const SharedWeights& shared, unsigned index_bits);

/// The same weights back, of a tensor that has so many. Throws DataError for bytes that are no such tensor, are cut off
/// or go on behind it. Allocates no more than the tensor's size.
[[nodiscard]] SharedWeights decompress(std::span<const std::byte> bytes, std::size_t weights);

}  // namespace fedgram::learning
