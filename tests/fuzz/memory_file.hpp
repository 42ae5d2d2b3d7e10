#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>

namespace fedgram::fuzz {

/// A file that lies in memory alone, for a reader that takes a path: a target reads thousands a second, and leaves
/// none behind.
class MemoryFile {
public:
    MemoryFile() : descriptor_{::memfd_create("fedgram-fuzz", MFD_CLOEXEC)} { check(descriptor_ >= 0); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(descriptor_); }

    void hold(std::span<const std::uint8_t> bytes) const
    {
        check(::ftruncate(descriptor_, 0) == 0);
        check(::pwrite(descriptor_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    }

    [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    static void check(bool done)
    {
        if (!done) throw std::system_error{errno, std::generic_category(), "a file in memory"};
    }

    int descriptor_;
};

}  // namespace fedgram::fuzz
