// A run's checkpoint: as it is, and sealed with the SHA-256 that it needs, so that mutations come further than that.

#include "common/run/checkpoint.hpp"

#include "common/error/error.hpp"
#include "common/learning/model/parameters.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

void check(const std::string& bytes)
{
    fuzz::allow_refusal<DataError>([&] {
        const auto written = coordinator::encode(coordinator::decode(bytes, "checkpoint"));
        fuzz::require(coordinator::encode(coordinator::decode(written, "again")) == written,
                      "a checkpoint that is written reads back equal");
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes{fuzz::text_of(data, size)};
    check(bytes);
    check(bytes + learning::sha256_of(std::as_bytes(std::span{bytes})));
    return 0;
}
