#include "common/learning/codec/codec.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/codec/index_code.hpp"
#include "common/learning/codec/kept_indices.hpp"
#include "common/learning/updates/fixed_point.hpp"
#include "common/learning/updates/largest_magnitude.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

using spec::Sparsifier;

Codec::Codec(const spec::Compression& compression, std::uint32_t parameters)
    : compression_{compression},
      parameters_{parameters},
      sent_{is_sparse() ? spec::kept_parameters(compression.fraction, parameters) : parameters},
      values_{make_value_code(compression)}
{
    assert(parameters > 0);
}

std::uint64_t Codec::largest_bytes() const
{
    const auto indices = compression_.sparsifier == Sparsifier::top_k ? largest_index_bytes(sent_, parameters_) : 0;
    return indices + values_->largest_bytes(sent_);
}

bool Codec::is_fixed_size() const { return compression_.sparsifier != Sparsifier::top_k && values_->is_fixed_size(); }

std::vector<std::uint32_t> Codec::kept(std::span<const float> difference, CodecKey key) const
{
    if (compression_.sparsifier == Sparsifier::top_k) return largest_magnitudes(difference, sent_);
    Stream choice{key.seed, Purpose::random_k, key.round, key.node};
    return random_indices(choice, sent_, parameters_);
}

float Codec::factor() const
{
    // At random, each parameter is sent with the chance k/d: d/k makes its mean right. Error feedback loses nothing
    // anyway.
    const bool is_scaled = compression_.sparsifier == Sparsifier::random_k && !needs_residual();
    return is_scaled ? static_cast<float>(static_cast<double>(parameters_) / sent_) : 1;
}

std::vector<std::byte> Codec::encode(std::span<const float> difference, CodecKey key) const
{
    assert(difference.size() == parameters_);
    if (!(largest_magnitude(difference) < fixed_point_limit)) return {};
    std::vector<std::byte> message;
    message.reserve(largest_bytes());
    Stream rounding{key.seed, Purpose::quantizer, key.round, key.node};
    if (!is_sparse()) {
        values_->append(difference, rounding, message);
        return message;
    }
    const auto indices = kept(difference, key);
    if (compression_.sparsifier == Sparsifier::top_k) append_indices(indices, parameters_, message);
    std::vector<float> values(indices.size());
    std::ranges::transform(indices, values.begin(), [&, factor = factor()](auto i) { return difference[i] * factor; });
    values_->append(values, rounding, message);
    return message;
}

void Codec::read_values(std::span<const std::byte> message, CodecKey key, std::span<float> difference) const
{
    if (!is_sparse()) return values_->read(message, difference);
    ReadIndices read;
    if (compression_.sparsifier == Sparsifier::top_k)
        read = read_indices(message, sent_, parameters_);
    else
        read.indices = kept({}, key);
    std::vector<float> values(sent_);
    values_->read(message.subspan(read.bytes), values);
    std::ranges::fill(difference, 0.0f);
    for (std::size_t i = 0; i < values.size(); ++i) difference[read.indices[i]] = values[i];
}

void Codec::decode(std::span<const std::byte> message, CodecKey key, std::span<float> difference) const
{
    assert(difference.size() == parameters_);
    with_context<DataError>("an update by " + spec::name(compression_), [&] {
        if (message.empty())
            throw DataError{"is empty: its sender's training gave a value that is not finite, or far too large"};
        if (message.size() > largest_bytes() || (is_fixed_size() && message.size() != largest_bytes()))
            throw DataError{"has " + std::to_string(message.size()) + " bytes; it must be " +
                            (is_fixed_size() ? "" : "at most ") + std::to_string(largest_bytes()) + " for " +
                            std::to_string(parameters_) + " parameters"};
        read_values(message, key, difference);
        if (std::isfinite(largest_magnitude(difference))) return;
        const auto wrong = std::ranges::find_if(difference, [](float value) { return !std::isfinite(value); });
        throw DataError{"has " + std::to_string(*wrong) + " for parameter " +
                        std::to_string(wrong - difference.begin()) + "; it must be finite"};
    });
}

energy::Work Codec::encode_work() const
{
    const std::uint64_t parameters = parameters_;
    const std::uint64_t sent = sent_;
    const auto effort = values_->encode_effort();
    energy::Work work{.flops = effort.flops_per_value * sent,
                      .memory_bytes = 4 * effort.passes * sent + largest_bytes(),
                      .kernels = effort.passes};
    switch (compression_.sparsifier) {
        case Sparsifier::none:
            break;
        case Sparsifier::top_k:
            // The magnitudes are copied, and the selection reads them twice. Another reading gathers the values.
            work += {.flops = 10 * parameters, .memory_bytes = (8 + 2 * 4 + 4) * parameters + 4 * sent, .kernels = 2};
            break;
        case Sparsifier::random_k:
            // The values are gathered from places that are known.
            work += {.flops = factor() == 1 ? 0 : sent, .memory_bytes = 8 * sent, .kernels = 1};
            break;
    }
    if (needs_residual()) {
        // A sum before, a difference after: each reads two arrays and writes one.
        work += {.flops = 2 * parameters, .memory_bytes = 2 * 12 * parameters, .kernels = 2};
        work += decode_work();
    }
    return work;
}

energy::Work Codec::decode_work() const
{
    const std::uint64_t parameters = parameters_;
    const std::uint64_t sent = sent_;
    const auto effort = values_->decode_effort();
    energy::Work work{.flops = effort.flops_per_value * sent,
                      .memory_bytes = largest_bytes() + 4 * effort.passes * sent,
                      .kernels = effort.passes};
    // All are set to 0, and the values that were kept go to their places.
    if (is_sparse()) work += {.memory_bytes = 4 * parameters + 8 * sent, .kernels = 2};
    return work;
}

}  // namespace fedgram::learning
