#pragma once

#include <cstdint>
#include <optional>

namespace fedgram::learning {

/// What the size of a compressed tensor follows from before there is one.
struct TensorForecast {
    std::uint64_t weights = 0;  ///< pruned ones, too
    double density = 1;         ///< the share that is kept, independently of each other: 0 to 1
    unsigned weight_bits = 8;   ///< a code; the codebook has 2^weight_bits float32
    unsigned index_bits = 5;
};

/// Mean bits of Huffman's codes, without their tables.
struct HuffmanBits {
    double weight = 0;
    double index = 0;
};

/// Bits, where they are no whole number as means over masks.
struct PredictedBits {
    double codes = 0;
    double indices = 0;
    double codebook = 0;

    [[nodiscard]] double total() const { return codes + indices + codebook; }
};

/// The bits of a tensor as Deep Compression stores it (Han et al. 2016, arXiv:1510.00149): n d / (1 - q) entries of a
/// code and an index each, where q = (1 - d)^(2^index_bits) is the chance that an index's range holds no weight that is
/// kept, so that a filler is needed; and the codebook.
[[nodiscard]] PredictedBits predicted_bits(const TensorForecast& tensor, std::optional<HuffmanBits> huffman = {});

}  // namespace fedgram::learning
