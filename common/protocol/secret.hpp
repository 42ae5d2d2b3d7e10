#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fedgram::protocol {

/// 32 random bytes that the processes of one run share. Who knows them belongs to the run; they never go over the wire.
class Secret {
public:
    static constexpr std::size_t size = 32;
    /// Environment variable by which `fedgram run` hands the secret to the processes that it starts: neither a command
    /// line, which every user of the machine can read, nor a file.
    static constexpr const char* variable = "FEDGRAM_SECRET";

    /// New ones from the system's generator. Throws SystemError when it has none to give.
    [[nodiscard]] static Secret random();
    /// From 64 hexadecimal digits; nothing for anything else.
    [[nodiscard]] static std::optional<Secret> from_hex(std::string_view digits);
    [[nodiscard]] std::string hex() const;

    [[nodiscard]] std::span<const unsigned char> bytes() const { return bytes_; }

private:
    std::array<unsigned char, size> bytes_{};
};

/// The secret in `file`; without a file the one in the environment; without either none. Throws SpecError for what
/// holds no secret, and for a file that others can read.
[[nodiscard]] std::optional<Secret> given_secret(const std::optional<std::filesystem::path>& file);

}  // namespace fedgram::protocol
