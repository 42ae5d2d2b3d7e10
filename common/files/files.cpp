#include "common/files/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>

#include "common/error/error.hpp"
#include "common/files/descriptor.hpp"

namespace fedgram::files {

namespace {

[[nodiscard]] bool written(const std::filesystem::path& file, std::string_view text)
{
    std::ofstream stream{file, std::ios::binary | std::ios::trunc};
    stream << text << std::flush;
    return static_cast<bool>(stream);
}

/// False, with errno, where not all of it could be written.
[[nodiscard]] bool put(const Descriptor& file, std::string_view text)
{
    while (!text.empty()) {
        const auto count = ::write(file.number(), text.data(), text.size());
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Gives a file without a name this one; false, with errno, where that has one already, or can't be.
[[nodiscard]] bool named(const Descriptor& file, const std::filesystem::path& path)
{
    const auto itself = "/proc/self/fd/" + std::to_string(file.number());
    return ::linkat(AT_FDCWD, itself.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace

std::optional<std::string> try_read_file(const std::filesystem::path& path)
{
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return std::nullopt;
    // A byte more than the file's size has room for its end; a pipe and a file of /proc have no size.
    constexpr std::size_t least = 4096;
    std::string text(std::max(least, static_cast<std::size_t>(status.st_size) + 1), '\0');
    std::size_t filled = 0;
    while (true) {
        const auto count = ::read(file.number(), text.data() + filled, text.size() - filled);
        if (count == 0) break;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;  // such as a folder: it can be opened, but not read
        filled += static_cast<std::size_t>(count);
        if (filled == text.size()) text.resize(2 * text.size());
    }
    text.resize(filled);
    return text;
}

std::string read_file(const std::filesystem::path& path)
{
    if (auto text = try_read_file(path)) return *std::move(text);
    throw SystemError{path.string() + " can't be read; is it there?"};
}

void write_file(const std::filesystem::path& path, std::string_view text)
{
    std::error_code error;
    const bool is_new = !std::filesystem::exists(path, error);
    // A pipe or a device takes the text itself: a rename would put a file in its place.
    const bool renames = is_new || std::filesystem::is_regular_file(path, error);
    const std::filesystem::path file = renames ? path.string() + ".tmp" : path.string();
    if (!written(file, text)) {
        if (renames) std::filesystem::remove(file, error);
        throw SystemError{path.string() + " can't be written; choose another place, or free space there"};
    }
    if (!renames) return;
    std::filesystem::rename(file, path, error);
    if (error) throw SystemError{path.string() + " can't be written: " + error.message()};
}

bool write_new_file(const std::filesystem::path& path, std::string_view text, Secrecy secrecy)
{
    const mode_t rights = secrecy == Secrecy::secret ? 0600 : 0666;
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    if (const Descriptor file{::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, rights)};
        file.number() >= 0 && put(file, text)) {
        if (named(file, path)) return true;
        if (errno == EEXIST) return false;
    }
    // Not every file system has files without a name, or names them later.
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights)};
    if (file.number() < 0 && errno == EEXIST) return false;
    if (file.number() >= 0 && put(file, text)) return true;
    const std::string why = std::strerror(errno);
    if (file.number() >= 0) ::unlink(path.c_str());
    throw SystemError{path.string() + " can't be written: " + why};
}

}  // namespace fedgram::files
