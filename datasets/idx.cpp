#include "datasets/idx.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::uint32_t unsigned_bytes = 0x08;  // the format's code for the element type

/// Bytes of a file, unpacked on the way when it begins as gzip does.
class Reader {
public:
    explicit Reader(const std::filesystem::path& path) : path_{path}, file_{gzopen(path.c_str(), "rb")}
    {
        if (!file_) throw DataError{path.string() + ": " + std::strerror(errno)};
        gzbuffer(file_.get(), 1 << 17);
    }

    /// Fills `out` as far as the file reaches; the number of bytes read.
    std::size_t read(std::span<std::uint8_t> out)
    {
        const int count = gzread(file_.get(), out.data(), static_cast<unsigned>(out.size()));
        int code = Z_OK;
        const char* const text = gzerror(file_.get(), &code);
        // A gzip that ends too early is Z_BUF_ERROR, and comes with the bytes before the cut.
        if (count < 0 || code == Z_BUF_ERROR)
            throw DataError{path_.string() + ": " + describe(code, text) +
                            "; expected a whole IDX file, plain or gzipped"};
        return static_cast<std::size_t>(count);
    }

private:
    static std::string describe(int code, const char* text)
    {
        if (code == Z_BUF_ERROR) return "the gzip data is cut off";
        if (code == Z_ERRNO) return std::strerror(errno);
        // zlib puts the path before its own text.
        const char* const reason = std::strrchr(text, ':');
        return std::string{"the gzip data is damaged ("} + (reason ? reason + 2 : text) + ")";
    }

    struct Close {
        void operator()(gzFile file) const { gzclose_r(file); }
    };

    std::filesystem::path path_;
    std::unique_ptr<gzFile_s, Close> file_;
};

std::string hexadecimal(std::uint32_t value)
{
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%08x", static_cast<unsigned>(value));
    return text.data();
}

std::uint32_t read_big_endian(Reader& reader, const std::filesystem::path& path)
{
    std::array<std::uint8_t, 4> bytes{};
    if (reader.read(bytes) < bytes.size())
        throw DataError{path.string() + ": ends inside its header; expected an IDX file"};
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

Idx read_idx(const std::filesystem::path& path, std::size_t dimensions)
{
    Reader reader{path};
    const auto expected_magic = unsigned_bytes << 8 | static_cast<std::uint32_t>(dimensions);
    if (const auto magic = read_big_endian(reader, path); magic != expected_magic)
        throw DataError{path.string() + ": magic number " + hexadecimal(magic) + "; expected " +
                        hexadecimal(expected_magic) + " (IDX, unsigned bytes, " + std::to_string(dimensions) +
                        (dimensions == 1 ? " dimension)" : " dimensions)")};
    Idx idx;
    for (std::size_t i = 0; i < dimensions; ++i) idx.sizes.push_back(read_big_endian(reader, path));

    // In long double no product of a few 32-bit sizes overflows; real files are far inside its 64-bit mantissa.
    const auto expected = std::accumulate(idx.sizes.begin(), idx.sizes.end(), 1.0L, std::multiplies<>{});
    // Memory grows with what the file really holds, not with what its header claims. Room is made at once for no more than
    // the file can hold: deflate packs 1032 bytes into one at best.
    const auto most = static_cast<long double>(std::filesystem::file_size(path)) * 1032;
    idx.values.reserve(static_cast<std::size_t>(std::min(expected, most)));
    constexpr std::size_t chunk = 1 << 20;
    while (static_cast<long double>(idx.values.size()) < expected) {
        const auto have = idx.values.size();
        idx.values.resize(have + static_cast<std::size_t>(std::min<long double>(chunk, expected - have)));
        const auto got = reader.read(std::span{idx.values}.subspan(have));
        if (have + got < idx.values.size()) {
            std::string shape;
            for (const auto size : idx.sizes) shape += (shape.empty() ? "" : " x ") + std::to_string(size);
            throw DataError{path.string() + ": ends after " + std::to_string(have + got) + " values; its header says " +
                            shape};
        }
    }
    // Reading past the last value also makes zlib compare the checksum at the gzip's end.
    if (std::array<std::uint8_t, 1> extra{}; reader.read(extra) != 0)
        throw DataError{path.string() + ": goes on after the " + std::to_string(idx.values.size()) +
                        " values that its header says"};
    return idx;
}

}  // namespace fedgram::datasets
