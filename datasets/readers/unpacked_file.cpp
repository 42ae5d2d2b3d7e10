#include "datasets/readers/unpacked_file.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::datasets {

namespace {

std::string trouble(int code, const char* text)
{
    if (code == Z_BUF_ERROR) return "the gzip data is cut off";
    if (code == Z_ERRNO) return std::strerror(errno);
    // zlib puts the path before its own text.
    const char* const reason = std::strrchr(text, ':');
    return std::string{"the gzip data is damaged ("} + (reason ? reason + 2 : text) + ")";
}

}  // namespace

std::optional<std::filesystem::path> find_plain_or_packed(const std::filesystem::path& folder, const std::string& name)
{
    std::error_code unreadable;  // counts as absent: opening it then says why
    for (const auto& path : {folder / name, folder / (name + ".gz")})
        if (std::filesystem::exists(path, unreadable) && !std::filesystem::is_directory(path, unreadable)) return path;
    return std::nullopt;
}

std::filesystem::path plain_or_packed(const std::filesystem::path& folder, const std::string& name)
{
    if (auto path = find_plain_or_packed(folder, name)) return *std::move(path);
    throw DataError{(folder / name).string() + ": no such file, nor with .gz"};
}

void UnpackedFile::Close::operator()(gzFile_s* file) const { gzclose_r(file); }

UnpackedFile::UnpackedFile(const std::filesystem::path& path) : path_{path}, file_{gzopen(path.c_str(), "rb")}
{
    if (!file_) throw DataError{path.string() + ": " + std::strerror(errno)};
    gzbuffer(file_.get(), 1 << 17);
}

std::size_t UnpackedFile::read(std::span<std::uint8_t> out)
{
    const int count = gzread(file_.get(), out.data(), static_cast<unsigned>(out.size()));
    int code = Z_OK;
    const char* const text = gzerror(file_.get(), &code);
    // A gzip that ends too early is Z_BUF_ERROR, and comes with the bytes before the cut.
    if (count < 0 || code == Z_BUF_ERROR)
        throw DataError{path_.string() + ": " + trouble(code, text) + "; expected a whole file, plain or gzipped"};
    return static_cast<std::size_t>(count);
}

std::string read_unpacked(const std::filesystem::path& path)
{
    UnpackedFile file{path};
    std::string text;
    constexpr std::size_t chunk = 1 << 20;
    for (std::size_t got = chunk; got == chunk;) {
        const auto have = text.size();
        text.resize(have + chunk);
        got = file.read({reinterpret_cast<std::uint8_t*>(text.data()) + have, chunk});
        text.resize(have + got);
    }
    return text;
}

}  // namespace fedgram::datasets
