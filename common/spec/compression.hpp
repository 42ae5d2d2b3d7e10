#pragma once

#include <cstdint>
#include <string>

namespace fedgram::spec {

/// Which parameters of an update are sent: all, those of the largest magnitude, or some drawn by the seed.
enum class Sparsifier { none, top_k, random_k };

/// How a value that is sent is written: as float32, or with fewer bits.
enum class Quantizer { none, fp16, bf16, int8, int4, qsgd, sign };

/// How a node's update, its difference to the model that it was given, becomes the bytes that it sends;
/// common/learning/codec has what each word computes. Only the fields of its sparsifier and quantizer count.
struct Compression {
    Sparsifier sparsifier = Sparsifier::none;
    double fraction = 0.01;  ///< of the parameters that a sparsifier keeps, in (0, 1]
    Quantizer quantizer = Quantizer::none;
    std::uint32_t block = 256;    ///< int8, int4: values that share a scale, > 0
    std::uint32_t levels = 127;   ///< qsgd: steps from 0 to the norm, from 1 to most_qsgd_levels
    bool error_feedback = false;  ///< what isn't sent is added to the node's next update

    /// Whether float32 values of all parameters are sent.
    [[nodiscard]] bool is_none() const { return sparsifier == Sparsifier::none && quantizer == Quantizer::none; }

    friend bool operator==(const Compression&, const Compression&) = default;
};

inline constexpr std::uint32_t most_qsgd_levels = 32767;

/// How many of `parameters` a sparsifier keeps: the share `fraction` of them, rounded to the nearest, but one at least.
[[nodiscard]] std::uint32_t kept_parameters(double fraction, std::uint32_t parameters);

/// "none", "int8", "top-k + int8".
[[nodiscard]] std::string name(const Compression& compression);

}  // namespace fedgram::spec
