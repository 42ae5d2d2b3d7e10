#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace fedgram::datasets {

using Checksum = std::array<std::uint8_t, 16>;

/// What tells damage to some bytes, and no intent: XXH3, 128 bits, which takes no longer than reading them.
class Checksumming {
public:
    Checksumming();
    ~Checksumming();

    /// The bytes that follow those before.
    void add(std::span<const std::uint8_t> bytes);
    /// Of all bytes so far.
    [[nodiscard]] Checksum sum() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace fedgram::datasets
