#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "common/error/error.hpp"
#include "datasets/readers/memory_need.hpp"
#include "datasets/readers/stored_array.hpp"
#include "datasets/readers/unpacked_file.hpp"

namespace fedgram::datasets {

namespace {

static_assert(std::endian::native == std::endian::little, "a NumPy file's bytes are taken as they are");

/// The literal of Python behind a key of the header: from its first character on.
std::string_view value_of(std::string_view header, std::string_view key, const std::string& where)
{
    const auto found = header.find(key);
    const auto colon = found == std::string_view::npos ? found : header.find(':', found);
    const auto begin = colon == std::string_view::npos ? colon : header.find_first_not_of(' ', colon + 1);
    if (begin == std::string_view::npos)
        throw DataError{where + ": its header has no " + std::string{key} + "; expected what numpy.save writes"};
    return header.substr(begin);
}

struct Header {
    std::string type;  // "<f4"
    std::vector<std::uint32_t> sizes;
    std::size_t elements = 1;
};

Header parse_header(std::string_view text, const std::string& where)
{
    Header header;
    const auto type = value_of(text, "'descr'", where);
    if (type.front() != '\'')
        throw DataError{where + ": an array of records; expected one of whole numbers, floats or texts"};
    header.type = type.substr(1, type.find('\'', 1) - 1);
    if (value_of(text, "'fortran_order'", where).starts_with("True"))
        throw DataError{where + ": stored column by column; save numpy.ascontiguousarray(...) of it"};
    auto sizes = value_of(text, "'shape'", where);
    sizes = sizes.substr(0, sizes.find(')'));
    if (!sizes.starts_with('(') || sizes.substr(1).find_first_not_of("0123456789, ") != std::string_view::npos)
        throw DataError{where + ": its header's shape is " + std::string{sizes.substr(0, 40)} +
                        "); expected whole numbers in brackets"};
    for (std::size_t at = sizes.find_first_of("0123456789"); at != std::string_view::npos;
         at = sizes.find_first_of("0123456789")) {
        std::uint32_t size = 0;
        const auto [end, error] = std::from_chars(sizes.data() + at, sizes.data() + sizes.size(), size);
        if (error != std::errc{}) throw DataError{where + ": a size beyond 2^32 in its header"};
        header.sizes.push_back(size);
        sizes = sizes.substr(static_cast<std::size_t>(end - sizes.data()));
        constexpr std::size_t most = std::size_t{1} << 40;  // and of each size 2^32: the product of both fits
        if (size != 0 && header.elements > most / size)
            throw DataError{where + ": its header says more than 2^40 values"};
        header.elements *= size;
    }
    return header;
}

template <class Stored, class Kept>
std::vector<Kept> numbers(std::string_view bytes, std::size_t count)
{
    std::vector<Kept> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        Stored stored;
        std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
        values[i] = static_cast<Kept>(stored);
    }
    return values;
}

float from_half(std::uint16_t half)
{
    const int exponent = (half >> 10) & 31;
    const int fraction = half & 1023;
    constexpr int special = 31;
    const float magnitude = exponent == special
                                ? (fraction == 0 ? std::numeric_limits<float>::infinity() : std::nanf(""))
                            : exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                            : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

void append_utf8(std::string& text, std::uint32_t code)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr std::uint32_t first[] = {0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(first[more] | code >> (6 * more));
    for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
}

/// Texts of fixed width, filled up with zeros: four bytes a character ("<U7"), or one ("|S7").
std::vector<std::string> texts(std::string_view bytes, std::size_t count, std::size_t width, std::size_t char_bytes)
{
    std::vector<std::string> values(count);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t c = 0; c < width; ++c) {
            std::uint32_t code = 0;
            std::memcpy(&code, bytes.data() + (i * width + c) * char_bytes, char_bytes);
            if (code == 0) break;
            if (char_bytes == 1)
                values[i] += static_cast<char>(code);
            else
                append_utf8(values[i], code);
        }
    return values;
}

std::size_t width_of(const std::string& type)
{
    std::size_t width = 0;
    std::from_chars(type.data() + 2, type.data() + type.size(), width);
    return width;
}

std::size_t bytes_of(const std::string& type, const std::string& where)
{
    const auto kind = type.size() > 2 ? type[1] : ' ';
    const auto width = kind == ' ' ? 0 : width_of(type);
    constexpr std::size_t most_characters = 1 << 20;
    const bool is_text = (kind == 'U' && type.front() == '<') || kind == 'S';
    if (is_text && width > 0 && width <= most_characters) return kind == 'U' ? 4 * width : width;
    for (const auto* known : {"|u1", "|i1", "|b1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f2", "<f4", "<f8"})
        if (type == known) return width;
    throw DataError{where + ": values of type \"" + type.substr(0, 40) +
                    "\"; expected little-endian whole numbers, floats or texts (numpy's u1 to i8, f2 to f8, U, S)"};
}

StoredArray array_of(Header header, std::string_view data, const std::string& where)
{
    StoredArray array{where, std::move(header.sizes), {}};
    const auto& type = header.type;
    const auto count = header.elements;
    if (type == "|u1") array.values = numbers<std::uint8_t, std::uint8_t>(data, count);
    if (type == "|b1") array.values = numbers<std::uint8_t, std::int64_t>(data, count);  // 0 and 1, not 255ths
    if (type == "|i1") {
        auto values = numbers<std::uint8_t, std::int64_t>(data, count);
        for (auto& value : values) value -= value < 128 ? 0 : 256;  // the other half is below 0
        array.values = std::move(values);
    }
    if (type == "<u2") array.values = numbers<std::uint16_t, std::int64_t>(data, count);
    if (type == "<i2") array.values = numbers<std::int16_t, std::int64_t>(data, count);
    if (type == "<u4") array.values = numbers<std::uint32_t, std::int64_t>(data, count);
    if (type == "<i4") array.values = numbers<std::int32_t, std::int64_t>(data, count);
    if (type == "<u8" || type == "<i8") array.values = numbers<std::int64_t, std::int64_t>(data, count);
    if (type == "<f4") array.values = numbers<float, float>(data, count);
    if (type == "<f8") array.values = numbers<double, float>(data, count);
    if (type == "<f2") {
        const auto halves = numbers<std::uint16_t, std::uint16_t>(data, count);
        auto& values = array.values.emplace<std::vector<float>>();
        for (const auto half : halves) values.push_back(from_half(half));
    }
    if (type[1] == 'U') array.values = texts(data, count, width_of(type), 4);
    if (type[1] == 'S') array.values = texts(data, count, width_of(type), 1);
    return array;
}

}  // namespace

StoredArray parse_npy(std::string_view bytes, const std::string& where)
{
    constexpr std::string_view magic = "\x93NUMPY";
    constexpr std::size_t length_at = 8;
    if (bytes.size() < length_at + 4 || !bytes.starts_with(magic))
        throw DataError{where + ": no NumPy array; expected what numpy.save writes"};
    const bool wide = bytes[magic.size()] > 1;  // version 2 and 3 have four bytes for the header's length
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + length_at, wide ? 4 : 2);
    const std::size_t header_at = length_at + (wide ? 4 : 2);
    if (bytes.size() - header_at < length) throw DataError{where + ": ends inside its header"};
    auto header = parse_header(bytes.substr(header_at, length), where);
    const auto data = bytes.substr(header_at + length);
    const auto expected = header.elements * bytes_of(header.type, where);
    if (data.size() != expected)
        throw DataError{where + ": " + std::to_string(data.size()) + " bytes of values; its header says " +
                        std::to_string(expected)};
    return array_of(std::move(header), data, where);
}

StoredArray read_npy(const std::filesystem::path& path)
{
    return with_memory_for(path.string(), bytes_in(path),
                           [&] { return parse_npy(read_unpacked(path), path.string()); });
}

}  // namespace fedgram::datasets
