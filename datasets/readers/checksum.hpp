#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace fedgram::datasets {

using Checksum = std::array<std::uint8_t, 16>;

/// Detects damage to some bytes, though not a forgery: XXH3, 128 bits, which takes no longer than reading them.
class Checksumming {
public:
    Checksumming();
    ~Checksumming();

    /// The next bytes.
    void add(std::span<const std::uint8_t> bytes);
    /// Of all bytes so far.
    [[nodiscard]] Checksum sum() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace fedgram::datasets
