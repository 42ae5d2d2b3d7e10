#include "common/learning/codec/bit_stream.hpp"

#include <array>
#include <bit>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::learning {

namespace {

[[noreturn]] void refuse_short(std::size_t bytes)
{
    throw DataError{"ends within its codes, after " + std::to_string(bytes) + " bytes of them"};
}

}  // namespace

void BitWriter::write(std::uint32_t value, unsigned count)
{
    held_ |= std::uint64_t{value} << held_bits_;
    held_bits_ += count;
    if (held_bits_ < 32) return;
    append(4);
    held_ >>= 32;
    held_bits_ -= 32;
}

void BitWriter::append(unsigned bytes)
{
    std::array<std::byte, 4> lowest;
    for (unsigned i = 0; i < bytes; ++i) lowest[i] = static_cast<std::byte>(held_ >> 8 * i & 0xff);
    bytes_.insert(bytes_.end(), lowest.begin(), lowest.begin() + bytes);
}

void BitWriter::write_unary(std::uint32_t zeros)
{
    for (; zeros >= 32; zeros -= 32) write(0, 32);
    write(std::uint32_t{1} << zeros, zeros + 1);
}

void BitWriter::finish() { append((held_bits_ + 7) / 8); }

void BitReader::fill()
{
    for (; held_bits_ <= 56 && next_ < bytes_.size(); held_bits_ += 8)
        held_ |= std::to_integer<std::uint64_t>(bytes_[next_++]) << held_bits_;
}

std::uint32_t BitReader::read(unsigned count)
{
    if (held_bits_ < count) fill();
    if (held_bits_ < count) refuse_short(bytes_.size());
    const auto value = static_cast<std::uint32_t>(held_ & ((std::uint64_t{1} << count) - 1));
    held_ >>= count;
    held_bits_ -= count;
    return value;
}

std::uint32_t BitReader::read_unary(std::uint32_t most)
{
    std::uint64_t zeros = 0;
    while (held_ == 0) {
        zeros += held_bits_;
        held_bits_ = 0;
        if (zeros > most) break;
        if (next_ == bytes_.size()) refuse_short(bytes_.size());
        fill();
    }
    const auto last = static_cast<unsigned>(std::countr_zero(held_));  // 64 after the break
    zeros += last;
    if (zeros > most) throw DataError{"has a code that is not offered: more than " + std::to_string(most) + " zeros"};
    held_ = last == 63 ? 0 : held_ >> (last + 1);
    held_bits_ -= last + 1;
    return static_cast<std::uint32_t>(zeros);
}

std::size_t BitReader::finish()
{
    const auto rest = held_bits_ % 8;
    if ((held_ & ((1U << rest) - 1)) != 0) throw DataError{"has a bit that is no 0 behind its last code"};
    return next_ - held_bits_ / 8;
}

}  // namespace fedgram::learning
