#pragma once

#include <filesystem>
#include <string>

#include "common/files/descriptor.hpp"

namespace fedgram::files {

/// A file without a name, in memory: whoever inherits its descriptor can map it, and it is gone with the last of them.
/// Its descriptor closes on exec, as any other.
class AnonymousFile {
public:
    /// In the kernel's own memory. `name` is what /proc shows. Throws SystemError where the kernel has none to give.
    [[nodiscard]] static AnonymousFile in_memory(const std::string& name);
    /// In a folder, of a tmpfs, where it never has a name. Throws SystemError when that can't be.
    [[nodiscard]] static AnonymousFile in_folder(const std::filesystem::path& folder);

    [[nodiscard]] const Descriptor& descriptor() const { return descriptor_; }
    /// From here on the file can be neither written to nor made longer or shorter by whoever has its descriptor.
    [[nodiscard]] Descriptor sealed() &&;

private:
    enum class Kind { sealable, unlinked };

    AnonymousFile(Kind kind, int descriptor) : kind_{kind}, descriptor_{descriptor} {}

    Kind kind_;
    Descriptor descriptor_;
};

}  // namespace fedgram::files
