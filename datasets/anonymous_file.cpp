#include "datasets/anonymous_file.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::datasets {

namespace {

[[noreturn]] void fail(const std::string& what) { throw SystemError{what + ": " + ::strerror(errno)}; }

}  // namespace

AnonymousFile AnonymousFile::in_memory(const std::string& name)
{
    const int descriptor = ::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0) fail("no file in memory");
    return {Kind::sealable, descriptor};
}

AnonymousFile AnonymousFile::in_folder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0400);
    if (descriptor < 0) fail("no unnamed file in " + folder.string());
    return {Kind::unlinked, descriptor};
}

AnonymousFile::AnonymousFile(AnonymousFile&& other) noexcept
    : kind_{other.kind_}, descriptor_{std::exchange(other.descriptor_, -1)}
{
}

AnonymousFile& AnonymousFile::operator=(AnonymousFile&& other) noexcept
{
    std::swap(kind_, other.kind_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

AnonymousFile::~AnonymousFile()
{
    if (descriptor_ >= 0) ::close(descriptor_);
}

void AnonymousFile::append(std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        // Written and not mapped: where memory runs out, that is an error here and no SIGBUS.
        const auto count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) fail("a file in memory can't be written");
        if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void AnonymousFile::seal()
{
    if (kind_ == Kind::sealable) {
        if (::fcntl(descriptor_, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
            fail("a file in memory can't be sealed");
        return;
    }
    // Opened anew for reading; without a name there is no other way to the file.
    const int read_only = ::open(("/proc/self/fd/" + std::to_string(descriptor_)).c_str(), O_RDONLY | O_CLOEXEC);
    if (read_only < 0) fail("an unnamed file can't be opened anew");
    ::close(std::exchange(descriptor_, read_only));
}

}  // namespace fedgram::datasets
