// A compressed update, as a client may send it. The first byte picks the compression, the rest is the message.

#include "common/learning/codec/codec.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <vector>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
using spec::Quantizer;
using spec::Sparsifier;

namespace {

constexpr std::uint32_t parameters = 55;
constexpr double fraction = 0.37;  // so that either form of indices may be the shorter one
constexpr std::ptrdiff_t kept = 20;
constexpr learning::CodecKey key{.seed = 1, .round = 2, .node = 3};

constexpr Sparsifier sparsifiers[] = {Sparsifier::none, Sparsifier::top_k, Sparsifier::random_k};
constexpr Quantizer quantizers[] = {Quantizer::none, Quantizer::fp16, Quantizer::bf16, Quantizer::int8,
                                    Quantizer::int4, Quantizer::qsgd, Quantizer::sign};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const auto sparsifier = sparsifiers[data[0] / std::size(quantizers) % std::size(sparsifiers)];
    const auto quantizer = quantizers[data[0] % std::size(quantizers)];
    const learning::Codec codec{
        {.sparsifier = sparsifier, .fraction = fraction, .quantizer = quantizer, .block = 7, .levels = 100},
        parameters};
    // As long as the input is, so that a byte that is read behind it is found.
    const auto bytes = std::as_bytes(std::span{data + 1, size - 1});
    const std::vector<std::byte> message{bytes.begin(), bytes.end()};
    fuzz::allow_refusal<DataError>([&] {
        std::vector<float> difference(parameters);
        codec.decode(message, key, difference);
        fuzz::require(message.size() <= codec.largest_bytes(), "no message is larger than the largest");
        fuzz::require(std::ranges::all_of(difference, [](float value) { return std::isfinite(value); }),
                      "a decoded update is finite");
        if (sparsifier != Sparsifier::none)
            fuzz::require(std::ranges::count(difference, 0.0f) >= std::ptrdiff_t{parameters} - kept,
                          "no more parameters are sent than are kept");
        const auto again = codec.encode(difference, key);
        if (!again.empty()) codec.decode(again, key, difference);
    });
    return 0;
}
