#include "common/run/folder_lock.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "common/error/error.hpp"

namespace fedgram::run {

namespace {

struct flock byte_of(FolderKeeper keeper)
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(keeper);
    lock.l_len = 1;
    return lock;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, std::chrono::milliseconds patience,
                       const std::string& taken, FolderKeeper keeper)
    : file_{::open((folder / file_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)}
{
    using namespace std::chrono_literals;
    if (file_.number() < 0)
        throw SystemError{folder.string() + " can't be used: " + std::strerror(errno) + "; choose another --out"};
    const auto give_up = std::chrono::steady_clock::now() + patience;
    auto lock = byte_of(keeper);
    while (::fcntl(file_.number(), F_OFD_SETLK, &lock) != 0) {
        const bool kept = errno == EAGAIN || errno == EACCES;
        if (!kept || std::chrono::steady_clock::now() >= give_up)
            throw SystemError{folder.string() + " can't be used: " +
                              (kept ? taken : std::string{"it can't be locked: "} + std::strerror(errno))};
        std::this_thread::sleep_for(50ms);
    }
}

bool is_kept(const std::filesystem::path& folder, FolderKeeper keeper)
{
    const files::Descriptor file{::open((folder / FolderLock::file_name).c_str(), O_RDONLY | O_CLOEXEC)};
    auto lock = byte_of(keeper);
    return file.number() >= 0 && ::fcntl(file.number(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace fedgram::run
