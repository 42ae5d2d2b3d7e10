#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/codec/value_code.hpp"
#include "common/spec/compression.hpp"

namespace fedgram::learning {

/// Whose update it is: what the random choices of both sides are keyed by.
struct CodecKey {
    std::uint64_t seed = 0;
    std::uint32_t round = 0;
    std::uint32_t node = 0;
};

/// A node's update as the bytes that it sends, and back. What is coded is its difference, float32, to the model that
/// the node was given. README.md has the bytes. The same difference and key give the same bytes on every CPU.
class Codec {
public:
    /// For a model of so many parameters, at least one.
    Codec(const spec::Compression& compression, std::uint32_t parameters);

    /// The whole message. It is empty, which no decoder takes, where a value isn't finite or its magnitude isn't below
    /// fixed_point_limit: the aggregate couldn't hold it.
    [[nodiscard]] std::vector<std::byte> encode(std::span<const float> difference, CodecKey key) const;

    /// Fills `difference`, of the model's size, with finite values. Throws DataError that says why for a length that
    /// can't be, an index that is out of range, a code that isn't offered, a scale or value that isn't finite;
    /// `difference` is of no use then.
    void decode(std::span<const std::byte> message, CodecKey key, std::span<float> difference) const;

    [[nodiscard]] std::uint32_t parameters() const { return parameters_; }
    /// No message is larger, and where the size is fixed, none but the empty one is smaller.
    [[nodiscard]] std::uint64_t largest_bytes() const;
    [[nodiscard]] bool is_fixed_size() const;
    /// Whether a node keeps what wasn't sent: error_feedback.hpp.
    [[nodiscard]] bool needs_residual() const { return compression_.error_feedback; }

    // FLOPs, bytes between memory and cores, and kernels of one message, by the counts in README.md, with error
    // feedback where there is any. A message whose size varies counts as its largest.
    [[nodiscard]] energy::Work encode_work() const;
    [[nodiscard]] energy::Work decode_work() const;

private:
    [[nodiscard]] std::vector<std::uint32_t> kept(std::span<const float> difference, CodecKey key) const;
    void read_values(std::span<const std::byte> message, CodecKey key, std::span<float> difference) const;
    /// What a value is multiplied by before it is sent.
    [[nodiscard]] float factor() const;
    [[nodiscard]] bool is_sparse() const { return compression_.sparsifier != spec::Sparsifier::none; }

    spec::Compression compression_;
    std::uint32_t parameters_;
    std::uint32_t sent_;  // how many of them
    std::unique_ptr<const ValueCode> values_;
};

}  // namespace fedgram::learning
