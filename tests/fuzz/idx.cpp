// An IDX file of labels (an even first byte) or of images, plain or gzipped.

#include "datasets/readers/idx.hpp"

#include <numeric>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::MemoryFile file;
    if (size == 0) return 0;
    const std::size_t dimensions = data[0] % 2 == 0 ? 1 : 3;
    file.hold({data + 1, size - 1});
    fuzz::allow_refusal<DataError>([&] {
        const auto idx = datasets::read_idx(file.path(), dimensions);
        fuzz::require(idx.sizes.size() == dimensions, "there is a size for each dimension");
        const auto values = std::accumulate(idx.sizes.begin(), idx.sizes.end(), std::size_t{1}, std::multiplies<>{});
        fuzz::require(idx.values.size() == values, "there are as many values as the sizes say");
    });
    return 0;
}
