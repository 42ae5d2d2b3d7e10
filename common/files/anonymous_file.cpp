#include "common/files/anonymous_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <utility>

#include "common/error/errno_error.hpp"

namespace fedgram::files {

AnonymousFile AnonymousFile::in_memory(const std::string& name)
{
    const int descriptor = ::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0) throw errno_error("no file in memory");
    return {Kind::sealable, descriptor};
}

AnonymousFile AnonymousFile::in_folder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0400);
    if (descriptor < 0) throw errno_error("no unnamed file in " + folder.string());
    return {Kind::unlinked, descriptor};
}

Descriptor AnonymousFile::sealed() &&
{
    if (kind_ == Kind::sealable) {
        if (::fcntl(descriptor_.number(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
            throw errno_error("a file in memory can't be sealed");
        return std::move(descriptor_);
    }
    // Opened anew for reading; without a name there is no other way to the file.
    const auto path = "/proc/self/fd/" + std::to_string(descriptor_.number());
    Descriptor read_only{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (read_only.number() < 0) throw errno_error("an unnamed file can't be opened anew");
    return read_only;
}

}  // namespace fedgram::files
