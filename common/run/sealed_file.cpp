#include "common/run/sealed_file.hpp"

#include <cstdint>
#include <cstring>
#include <span>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "common/run/damaged_file.hpp"

namespace fedgram::run {

namespace {

constexpr std::size_t lengths_at = 8;
constexpr std::size_t prefix_bytes = 24;
constexpr std::size_t digest_bytes = 64;

std::string digest(std::string_view bytes) { return files::sha256(std::as_bytes(std::span{bytes})); }

std::string number(std::uint64_t value)
{
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

std::uint64_t number_at(std::string_view bytes, std::size_t position)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + position, sizeof value);
    return value;
}

[[noreturn]] void refuse_kind(const SealedForm& form, const std::string& where)
{
    throw DataError{where + " is no " + std::string{form.name}};
}

void check_version(const SealedForm& form, char version, const std::string& where)
{
    if (version < '1' || version > '9') refuse_kind(form, where);
    if (version > form.newest_version)
        throw NewerFormat{where + ": its format " + version + " is newer than " + form.newest_version +
                          ", the newest that this Fedgram reads; use the version that wrote the run, or a later one"};
}

}  // namespace

std::string seal(const SealedForm& form, std::string_view header, std::string_view body)
{
    auto bytes = std::string{form.magic} + form.newest_version;
    bytes += number(header.size()) + number(body.size());
    bytes += header;
    bytes += body;
    return bytes + digest(bytes);
}

Unsealed unseal(const SealedForm& form, std::string_view bytes, const std::string& where)
{
    if (bytes.size() < prefix_bytes + digest_bytes || !bytes.starts_with(form.magic)) refuse_kind(form, where);
    const auto content = bytes.substr(0, bytes.size() - digest_bytes);
    if (digest(content) != bytes.substr(content.size())) throw DataError{where + " is damaged: its SHA-256 is another"};
    check_version(form, bytes[form.magic.size()], where);
    const auto header_bytes = number_at(bytes, lengths_at);
    const auto body_bytes = number_at(bytes, lengths_at + sizeof(std::uint64_t));
    const auto room = content.size() - prefix_bytes;
    if (header_bytes > room || body_bytes != room - header_bytes)
        throw DataError{where + " is damaged: its lengths don't fit"};
    return {content.substr(prefix_bytes, header_bytes), content.substr(prefix_bytes + header_bytes)};
}

}  // namespace fedgram::run
