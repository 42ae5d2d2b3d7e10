// A tensor of weights that share values. The first two bytes say how many weights it has, the rest is the tensor.

#include "common/learning/weight_sharing/compressed_tensor.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    const std::size_t weights = data[0] + 256U * data[1];
    // As long as the input is, so that a byte that is read behind it is found.
    const auto rest = std::as_bytes(std::span{data + 2, size - 2});
    const std::vector<std::byte> bytes{rest.begin(), rest.end()};
    fuzz::allow_refusal<DataError>([&] {
        const auto shared = learning::decompress(bytes, weights);
        const auto expanded = learning::expand(shared);
        fuzz::require(expanded.size() == weights, "there are as many weights as were asked for");
        fuzz::require(std::ranges::all_of(expanded, [](float weight) { return std::isfinite(weight); }),
                      "each weight is finite");
        const auto index_bits = 1 + std::to_integer<unsigned>(bytes[0] & std::byte{7});
        const auto again = learning::compress(shared, index_bits);
        fuzz::require(again.bytes.size() <= bytes.size(), "no tensor is read that is smaller than the one written");
        fuzz::require(learning::decompress(again.bytes, weights) == shared,
                      "a tensor that is written reads back equal");
    });
    return 0;
}
