// A file of CIFAR-10's binary version, plain or gzipped.

#include "datasets/readers/cifar.hpp"

#include <algorithm>

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
        const auto batch = datasets::read_cifar_batch(file.path(), datasets::cifar10_form);
        fuzz::require(!batch.labels.empty(), "there is a record");
        fuzz::require(batch.pixels.size() == batch.labels.size() * 3072, "each label has its pixels");
        fuzz::require(std::ranges::max(batch.labels) < 10, "each label is below 10");
    });
    return 0;
}
