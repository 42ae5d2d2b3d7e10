// A run's checkpoint: as it is, and sealed with the SHA-256 that it needs, so that mutations come further than that.

#include "common/run/checkpoint.hpp"

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

void check(const std::string& bytes)
{
    fuzz::allow_refusal<DataError>([&] {
        const auto written = run::encode(run::decode(bytes, "checkpoint"));
        fuzz::require(run::encode(run::decode(written, "again")) == written,
                      "a checkpoint that is written reads back equal");
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes{fuzz::text_of(data, size)};
    check(bytes);
    check(bytes + files::sha256(std::as_bytes(std::span{bytes})));
    return 0;
}
