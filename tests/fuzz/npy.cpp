// A NumPy array.

#include <functional>
#include <numeric>
#include <variant>

#include "common/error/error.hpp"
#include "datasets/readers/stored_array.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<DataError>([&] {
        const auto array = datasets::parse_npy(fuzz::text_of(data, size), "x.npy");
        const auto expected =
            std::accumulate(array.sizes.begin(), array.sizes.end(), std::size_t{1}, std::multiplies<>{});
        const auto values = std::visit([](const auto& all) { return all.size(); }, array.values);
        fuzz::require(values == expected, "there are as many values as the sizes say");
    });
    return 0;
}
