#include "common/files/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/error/error.hpp"

namespace fedgram::coordinator {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path)
{
    throw SystemError{path.string() + " can't be written: " + std::strerror(errno) +
                      "; free space there, or choose another --out"};
}

void write_all(int file, std::string_view bytes, const std::filesystem::path& path)
{
    while (!bytes.empty()) {
        const auto count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse(path);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags) : file_{::open(path.c_str(), flags | O_CLOEXEC, 0666)}
    {
        if (file_ < 0) refuse(path);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { ::close(file_); }

    [[nodiscard]] int get() const { return file_; }

private:
    int file_;
};

}  // namespace

void write_durably(const std::filesystem::path& path, std::string_view bytes)
{
    const Descriptor file{path, O_WRONLY | O_CREAT | O_TRUNC};
    write_all(file.get(), bytes, path);
    if (::fsync(file.get()) != 0) refuse(path);
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0) refuse(to);
    const Descriptor folder{to.has_parent_path() ? to.parent_path() : ".", O_RDONLY | O_DIRECTORY};
    if (::fsync(folder.get()) != 0) refuse(to);
}

void sync_to_disk(const std::filesystem::path& path)
{
    const Descriptor file{path, O_RDONLY};
    if (::fsync(file.get()) != 0) refuse(path);
}

AppendFile::AppendFile(std::filesystem::path path) : path_{std::move(path)} { open(); }

void AppendFile::open()
{
    if (file_ >= 0) ::close(file_);
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat status {};
    if (file_ < 0 || ::fstat(file_, &status) != 0) refuse(path_);
    size_ = static_cast<std::uint64_t>(status.st_size);
}

AppendFile::~AppendFile()
{
    if (file_ >= 0) ::close(file_);
}

void AppendFile::append(std::string_view text)
{
    try {
        write_all(file_, text, path_);
    } catch (const SystemError&) {
        static_cast<void>(!::ftruncate(file_, static_cast<off_t>(size_)));  // no half line of a full disk
        throw;
    }
    size_ += text.size();
}

void AppendFile::sync()
{
    if (::fdatasync(file_) != 0) refuse(path_);
}

std::string AppendFile::behind(std::uint64_t length) const
{
    if (length > size_)
        throw DataError{path_.string() + " has " + std::to_string(size_) + " bytes, its checkpoint knows " +
                        std::to_string(length) + "; something else has shortened it, start the run anew"};
    std::string tail(size_ - length, '\0');
    for (std::size_t done = 0; done < tail.size();) {
        const auto count = ::pread(file_, tail.data() + done, tail.size() - done, static_cast<off_t>(length + done));
        if (count <= 0) throw SystemError{path_.string() + " can't be read: " + std::strerror(errno)};
        done += static_cast<std::size_t>(count);
    }
    return tail;
}

void AppendFile::cut_back(std::uint64_t length)
{
    if (::ftruncate(file_, static_cast<off_t>(length)) != 0) refuse(path_);
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

}  // namespace fedgram::coordinator
