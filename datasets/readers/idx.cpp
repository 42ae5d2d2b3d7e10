#include "datasets/readers/idx.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <span>
#include <string>

#include "common/error/error.hpp"
#include "datasets/readers/unpacked_file.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::uint32_t unsigned_bytes = 0x08;  // the format's code for the element type

std::string hexadecimal(std::uint32_t value)
{
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%08x", static_cast<unsigned>(value));
    return text.data();
}

std::uint32_t read_big_endian(UnpackedFile& file)
{
    std::array<std::uint8_t, 4> bytes{};
    if (file.read(bytes) < bytes.size())
        throw DataError{file.path().string() + ": ends inside its header; expected an IDX file"};
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

Idx read_idx(const std::filesystem::path& path, std::optional<std::size_t> wanted)
{
    UnpackedFile file{path};
    const auto magic = read_big_endian(file);
    const auto dimensions = wanted.value_or(magic & 0xFF);
    const auto expected_magic = unsigned_bytes << 8 | static_cast<std::uint32_t>(dimensions);
    if (magic != expected_magic || dimensions == 0)
        throw DataError{path.string() + ": magic number " + hexadecimal(magic) + "; expected " +
                        (wanted ? hexadecimal(expected_magic) + " (IDX, unsigned bytes, " + std::to_string(dimensions) +
                                      (dimensions == 1 ? " dimension)" : " dimensions)")
                                : "0x000008nn (IDX, unsigned bytes, nn dimensions)")};
    Idx idx;
    for (std::size_t i = 0; i < dimensions; ++i) idx.sizes.push_back(read_big_endian(file));

    // In long double no product of a few 32-bit sizes overflows; real files are far inside its 64-bit mantissa.
    const auto expected = std::accumulate(idx.sizes.begin(), idx.sizes.end(), 1.0L, std::multiplies<>{});
    // Memory grows with what the file really holds, not with what its header claims. The first allocation is no larger
    // than the file can fill: deflate packs at most 1032 bytes into one.
    const auto most = static_cast<long double>(std::filesystem::file_size(path)) * 1032;
    idx.values.reserve(static_cast<std::size_t>(std::min(expected, most)));
    constexpr std::size_t chunk = 1 << 20;
    while (static_cast<long double>(idx.values.size()) < expected) {
        const auto have = idx.values.size();
        idx.values.resize(have + static_cast<std::size_t>(std::min<long double>(chunk, expected - have)));
        const auto got = file.read(std::span{idx.values}.subspan(have));
        if (have + got < idx.values.size()) {
            std::string shape;
            for (const auto size : idx.sizes) shape += (shape.empty() ? "" : " x ") + std::to_string(size);
            throw DataError{path.string() + ": ends after " + std::to_string(have + got) + " values; its header says " +
                            shape};
        }
    }
    // Reading past the last value also makes zlib compare the checksum at the gzip's end.
    if (std::array<std::uint8_t, 1> extra{}; file.read(extra) != 0)
        throw DataError{path.string() + ": goes on after the " + std::to_string(idx.values.size()) +
                        " values that its header says"};
    return idx;
}

}  // namespace fedgram::datasets
