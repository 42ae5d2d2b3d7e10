#include "common/files/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"

namespace fedgram::files {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path)
{
    auto error = errno_error(path.string() + " can't be written");
    error.add_way_out("free space there, or choose another --out");
    throw error;
}

/// False, with errno set, when they can't all be written.
[[nodiscard]] bool write_all(const Descriptor& file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::write(file.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

Descriptor opened(const std::filesystem::path& path, int flags)
{
    Descriptor file{::open(path.c_str(), flags | O_CLOEXEC, 0666)};
    if (file.number() < 0) refuse(path);
    return file;
}

}  // namespace

void write_durably(const std::filesystem::path& path, std::string_view bytes)
{
    const auto file = opened(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (!write_all(file, bytes) || ::fsync(file.number()) != 0) refuse(path);
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0) refuse(to);
    const auto folder = opened(to.has_parent_path() ? to.parent_path() : ".", O_RDONLY | O_DIRECTORY);
    if (::fsync(folder.number()) != 0) refuse(to);
}

void sync_to_disk(const std::filesystem::path& path)
{
    const auto file = opened(path, O_RDONLY);
    if (::fsync(file.number()) != 0) refuse(path);
}

AppendFile::AppendFile(std::filesystem::path path) : path_{std::move(path)} { open(); }

void AppendFile::open()
{
    file_ = opened(path_, O_RDWR | O_CREAT | O_APPEND);
    struct stat status {};
    if (::fstat(file_.number(), &status) != 0) refuse(path_);
    size_ = static_cast<std::uint64_t>(status.st_size);
}

void AppendFile::append(std::string_view text)
{
    if (!write_all(file_, text)) {
        const int error = errno;
        static_cast<void>(!::ftruncate(file_.number(), static_cast<off_t>(size_)));  // no half line of a full disk
        errno = error;
        refuse(path_);
    }
    size_ += text.size();
}

void AppendFile::sync()
{
    if (::fdatasync(file_.number()) != 0) refuse(path_);
}

std::string AppendFile::behind(std::uint64_t length) const
{
    if (length > size_)
        throw DataError{path_.string() + " has " + std::to_string(size_) + " bytes, its checkpoint knows " +
                        std::to_string(length) + "; something else has shortened it, start the run anew"};
    std::string tail(size_ - length, '\0');
    for (std::size_t done = 0; done < tail.size();) {
        const auto count =
            ::pread(file_.number(), tail.data() + done, tail.size() - done, static_cast<off_t>(length + done));
        if (count <= 0) throw errno_error(path_.string() + " can't be read");
        done += static_cast<std::size_t>(count);
    }
    return tail;
}

void AppendFile::cut_back(std::uint64_t length)
{
    if (::ftruncate(file_.number(), static_cast<off_t>(length)) != 0) refuse(path_);
    size_ = length;
}

void AppendFile::replace_behind(std::uint64_t length, std::string_view text)
{
    const auto temporary = std::filesystem::path{path_}.concat(".tmp");
    std::error_code error;
    std::filesystem::copy_file(path_, temporary, std::filesystem::copy_options::overwrite_existing, error);
    if (error) throw SystemError{temporary.string() + " can't be written: " + error.message() + "; free space there"};
    AppendFile copy{temporary};
    copy.cut_back(length);
    copy.append(text);
    copy.sync();
    rename_durably(temporary, path_);
    open();
}

}  // namespace fedgram::files
