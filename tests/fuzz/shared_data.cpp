// Memory that `fedgram run` shares with its processes, behind the descriptor that they are given.

#include "datasets/sharing/shared_data.hpp"

#include <fcntl.h>

#include <algorithm>
#include <numeric>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

/// Every pixel is read: where there is none, the kernel says so.
bool is_whole(const datasets::Dataset& data, const datasets::Split& split)
{
    const auto pixels = std::size_t{data.channels} * data.height * data.width;
    return split.size() > 0 && split.pixels.size() == split.size() * pixels &&
           std::ranges::all_of(split.labels, [&](std::uint8_t label) { return label < data.classes; }) &&
           std::accumulate(split.pixels.begin(), split.pixels.end(), std::size_t{0}) <= 255 * split.pixels.size();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::MemoryFile file;
    file.hold({data, size});
    fuzz::allow_refusal<DataError>([&] {
        const auto mapped = datasets::map_shared_data(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
        fuzz::require(is_whole(mapped, mapped.train) && is_whole(mapped, mapped.test), "each sample is there");
    });
    return 0;
}
