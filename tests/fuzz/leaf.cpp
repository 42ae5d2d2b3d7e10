// A file of LEAF.

#include "datasets/readers/leaf.hpp"

#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::MemoryFile file;
    file.hold({data, size});
    fuzz::allow_refusal<DataError>([&] {
        const auto raw = datasets::read_leaf({file.path().string()});
        fuzz::require(raw.size() > 0 && raw.nodes.size() == raw.size(), "each sample has its user");
        fuzz::require(raw.texts.empty() ? raw.values.size() == raw.size() * raw.shape.front()
                                        : raw.texts.size() == raw.size() && raw.values.empty(),
                      "each sample is as many numbers as the others, or a text");
        fuzz::require(std::ranges::all_of(raw.values, [](float value) { return std::isfinite(value); }),
                      "each value is finite");
    });
    return 0;
}
