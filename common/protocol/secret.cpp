#include "common/protocol/secret.hpp"

#include <openssl/rand.h>

#include <charconv>
#include <cstdlib>
#include <fstream>

#include "common/error/error.hpp"
#include "common/protocol/private_file.hpp"

namespace fedgram::protocol {

Secret Secret::random()
{
    Secret secret;
    if (::RAND_bytes(secret.bytes_.data(), static_cast<int>(size)) != 1)
        throw SystemError{"this machine has no random bytes for the run's secret"};
    return secret;
}

std::optional<Secret> Secret::from_hex(std::string_view digits)
{
    if (digits.size() != 2 * size) return std::nullopt;
    Secret secret;
    for (std::size_t i = 0; i < size; ++i) {
        const char* const pair = digits.data() + 2 * i;
        const auto parsed = std::from_chars(pair, pair + 2, secret.bytes_[i], 16);
        if (parsed.ec != std::errc{} || parsed.ptr != pair + 2) return std::nullopt;
    }
    return secret;
}

std::string Secret::hex() const
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes_) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<Secret> given_secret(const std::optional<std::filesystem::path>& file)
{
    // What is wrong is never shown: it may be the secret but for one digit.
    if (!file) {
        const char* const digits = std::getenv(Secret::variable);
        if (!digits) return std::nullopt;
        if (const auto secret = Secret::from_hex(digits)) return secret;
        throw SpecError{std::string{Secret::variable} + " holds no secret; 64 hexadecimal digits would be one"};
    }
    std::ifstream stream{*file};
    std::string digits;
    stream >> digits;
    if (digits.starts_with("\xEF\xBB\xBF")) digits.erase(0, 3);  // a byte order mark
    if (!stream) throw SpecError{"--secret-file: " + file->string() + " can't be read or is empty"};
    refuse_open_to_others(*file, "--secret-file: " + file->string());
    if (const auto secret = Secret::from_hex(digits)) return secret;
    throw SpecError{"--secret-file: " + file->string() +
                    " holds no secret; use 64 hexadecimal digits, as `openssl rand -hex 32` prints"};
}

}  // namespace fedgram::protocol
