#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace fedgram::datasets {

/// A file without a name, in memory: whoever inherits its descriptor can map it, and it is gone with the last of them.
/// Its descriptor closes on exec, as any other.
class AnonymousFile {
public:
    /// In the kernel's own memory. `name` is what /proc shows. Throws SystemError where the kernel has none to give.
    [[nodiscard]] static AnonymousFile in_memory(const std::string& name);
    /// In a folder, of a tmpfs, where it never has a name. Throws SystemError when that can't be.
    [[nodiscard]] static AnonymousFile in_folder(const std::filesystem::path& folder);

    AnonymousFile(AnonymousFile&& other) noexcept;
    AnonymousFile& operator=(AnonymousFile&& other) noexcept;
    ~AnonymousFile();

    /// Appends. Throws SystemError when there is no room.
    void append(std::span<const std::uint8_t> bytes);
    /// From here on the file can be neither written to nor made longer or shorter by whoever has its descriptor.
    void seal();

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    enum class Kind { sealable, unlinked };

    AnonymousFile(Kind kind, int descriptor) : kind_{kind}, descriptor_{descriptor} {}

    Kind kind_;
    int descriptor_;
};

}  // namespace fedgram::datasets
