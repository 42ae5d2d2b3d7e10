#include "common/learning/torchscript/stored_entries.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "common/error/error.hpp"

namespace fedgram::learning::torchscript {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in the file");

constexpr const char* of_another_program = "isn't a model that the native engine wrote";

// Of StoredZip's local headers: where these fields lie, and how much stands before the name; and of what stands behind
// that, which begins with the entry's sizes in 64 bits.
constexpr std::string_view local_header{"PK\x03\x04", 4};
constexpr std::size_t crc_at = 14;
constexpr std::size_t name_length_at = 26;
constexpr std::size_t extra_length_at = 28;
constexpr std::size_t fixed_part = 30;
constexpr std::string_view of_sizes{"\x01\x00\x10\x00", 4};
constexpr std::size_t both_sizes = 20;

// Of the table of contents, and of the three records behind it.
constexpr std::string_view directory_header{"PK\x01\x02", 4};
constexpr std::string_view end_of_directory_64{"PK\x06\x06", 4};
constexpr std::string_view directory_locator_64{"PK\x06\x07", 4};
constexpr std::string_view end_of_directory{"PK\x05\x06", 4};
constexpr std::size_t locator_at = 56;  // in the three records
constexpr std::size_t end_at = 76;
constexpr std::size_t all_three = 98;
constexpr std::size_t entries_at = 32;
constexpr std::size_t directory_size_at = 40;
constexpr std::size_t directory_offset_at = 48;

template <class T>
T number_at(std::string_view bytes, std::size_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

}  // namespace

std::optional<StoredEntry> StoredEntries::next()
{
    if (rest_.starts_with(directory_header)) {
        check_end();
        return std::nullopt;
    }
    const auto signature = rest_.substr(0, local_header.size());
    if (!local_header.starts_with(signature) && !directory_header.starts_with(signature)) refuse(of_another_program);
    const auto header = take(fixed_part);
    const auto name = take(number_at<std::uint16_t>(header, name_length_at));
    const auto extra = take(number_at<std::uint16_t>(header, extra_length_at));
    if (!extra.starts_with(of_sizes) || extra.size() < both_sizes) refuse(of_another_program);
    const auto content = take(number_at<std::uint64_t>(extra, of_sizes.size()));
    const auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
    if (crc != number_at<std::uint32_t>(header, crc_at)) refuse("is damaged");
    ++entries_;
    return StoredEntry{name, content};
}

void StoredEntries::check_end() const
{
    const auto begin = archive_.size() - rest_.size();
    const auto tail = rest_.substr(rest_.size() - std::min(rest_.size(), all_three));
    if (tail.size() < all_three || !tail.substr(end_at).starts_with(end_of_directory)) refuse("is cut off");
    if (!tail.starts_with(end_of_directory_64) || !tail.substr(locator_at).starts_with(directory_locator_64) ||
        number_at<std::uint64_t>(tail, entries_at) != entries_ ||
        number_at<std::uint64_t>(tail, directory_offset_at) != begin ||
        number_at<std::uint64_t>(tail, directory_size_at) != rest_.size() - all_three)
        refuse("is damaged");
}

std::string_view StoredEntries::take(std::size_t count)
{
    if (count > rest_.size()) refuse("is cut off");
    const auto part = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return part;
}

void StoredEntries::refuse(const char* what) const { throw DataError{where_ + ": " + what}; }

}  // namespace fedgram::learning::torchscript
