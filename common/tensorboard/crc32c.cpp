#include "common/tensorboard/crc32c.hpp"

#include <array>
#include <bit>

namespace fedgram::tensorboard {

namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;

/// The remainder of each byte.
constexpr std::array<std::uint32_t, 256> remainders()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? polynomial : 0);
        table[byte] = rest;
    }
    return table;
}

constexpr auto table = remainders();

}  // namespace

std::uint32_t crc32c(std::string_view bytes)
{
    std::uint32_t rest = 0xffffffff;
    for (const char byte : bytes) rest = (rest >> 8) ^ table[(rest ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~rest;
}

std::uint32_t masked_crc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xa282ead8; }

}  // namespace fedgram::tensorboard
