#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fedgram::protocol {

/// 32 random bytes that the processes of one run share. They never go over the wire.
class Secret {
public:
    static constexpr std::size_t size = 32;
    /// Environment variable by which `fedgram run` hands the secret to the processes that it starts. Every user of the
    /// machine could read a command line, and a file would have to be removed.
    static constexpr const char* variable = "FEDGRAM_SECRET";

    /// A new secret from the system's generator. Throws SystemError when that fails.
    [[nodiscard]] static Secret random();
    /// From 64 hexadecimal digits; nothing for any other text.
    [[nodiscard]] static std::optional<Secret> from_hex(std::string_view digits);
    [[nodiscard]] std::string hex() const;

    [[nodiscard]] std::span<const unsigned char> bytes() const { return bytes_; }

private:
    std::array<unsigned char, size> bytes_{};
};

/// The secret in `file`, or without a file the one in the environment; nothing without either. Throws SpecError when
/// either holds something else, and for a file that other users can read.
[[nodiscard]] std::optional<Secret> given_secret(const std::optional<std::filesystem::path>& file);

}  // namespace fedgram::protocol
