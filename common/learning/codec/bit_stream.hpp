#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

/// Appends bits to bytes, from each byte's lowest bit up.
class BitWriter {
public:
    /// Begins with a byte of its own behind those in `bytes`, which it refers to.
    explicit BitWriter(std::vector<std::byte>& bytes) : bytes_{bytes} {}

    /// The lowest `count` bits of `value`, at most 32; its other bits are 0.
    void write(std::uint32_t value, unsigned count);
    /// `zeros` bits 0, and a 1.
    void write_unary(std::uint32_t zeros);
    /// Fills the last byte up with zeros. Nothing comes after it.
    void finish();

private:
    void append(unsigned bytes);

    std::vector<std::byte>& bytes_;
    std::uint64_t held_ = 0;  // nothing but zeros above the bits that are held
    unsigned held_bits_ = 0;  // below 32 between calls
};

/// The same back. Throws DataError where the bytes end too early.
class BitReader {
public:
    explicit BitReader(std::span<const std::byte> bytes) : bytes_{bytes} {}

    /// The next `count` bits, at most 32.
    [[nodiscard]] std::uint32_t read(unsigned count);
    /// The number of bits 0 before the next 1, which is read, too. Throws DataError for more than `most`.
    [[nodiscard]] std::uint32_t read_unary(std::uint32_t most);
    /// Throws DataError unless the rest of the last byte is zeros. Returns how many bytes have been read.
    std::size_t finish();

private:
    void fill();

    std::span<const std::byte> bytes_;
    std::size_t next_ = 0;    // the first byte that isn't held
    std::uint64_t held_ = 0;  // nothing but zeros above the bits that are held
    unsigned held_bits_ = 0;
};

}  // namespace fedgram::learning
