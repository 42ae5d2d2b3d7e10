// The parameters in a TorchScript file: as it is, and with the checksums that it needs, so that mutations come further
// than those.

#include "common/learning/torchscript/stored_tensors.hpp"

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

void check(const std::string& bytes)
{
    fuzz::allow_refusal<DataError>([&] {
        std::size_t values = 0;
        for (const auto& tensor : learning::torchscript::stored_tensors(bytes, "x.pt")) values += tensor.values.size();
        fuzz::require(values <= bytes.size() / sizeof(float),
                      "tensors have no more values than the file has bytes for");
    });
}

std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t width)
{
    std::uint64_t value = 0;
    if (at + width <= bytes.size()) std::memcpy(&value, bytes.data() + at, width);
    return value;
}

/// Each entry's checksum is put right that lies where the one before says.
std::string mended(std::string bytes)
{
    constexpr std::size_t fixed_part = 30;
    for (std::size_t at = 0; bytes.size() > fixed_part && at < bytes.size() - fixed_part;) {
        const auto content = at + fixed_part + number(bytes, at + 26, 2) + number(bytes, at + 28, 2);
        const auto size = number(bytes, at + fixed_part + number(bytes, at + 26, 2) + 4, 8);
        if (content > bytes.size() || size > bytes.size() - content) break;
        const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data() + content), size);
        for (std::size_t i = 0; i < 4; ++i) bytes[at + 14 + i] = static_cast<char>(sum >> 8 * i & 0xff);
        at = content + size;
    }
    return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes{fuzz::text_of(data, size)};
    check(bytes);
    check(mended(bytes));
    return 0;
}
