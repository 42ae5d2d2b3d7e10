#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "common/files/descriptor.hpp"

namespace fedgram::run {

/// Who keeps a folder. The two don't stand in each other's way: a launcher keeps the folder that the coordinator, which
/// it starts, keeps too.
enum class FolderKeeper : std::uint8_t {
    coordinator,  ///< writes the run's files
    launcher,     ///< begins the folder, and makes the tables of it
};

/// Keeps a folder for one process, on whatever machine the others are. The kernel drops it with the process, so that
/// one that is killed leaves no stale lock; a file server does so some time after it has lost the machine.
///
/// It is a lock on a byte of the file `lock` in the folder, which stays there, and not one on the folder itself: over
/// NFS an flock() of a folder holds on this machine alone, since it stands for a lock on bytes, which takes a file that
/// is open for writing (flock(2), "NFS details"). The lock belongs to the open file (fcntl(2), "Open file description
/// locks"), so that no other descriptor of this process drops it.
class FolderLock {
public:
    /// Waits up to `patience` for a process that is just ending; zero: doesn't wait. Throws SystemError when another
    /// process keeps the folder, as `taken` says.
    FolderLock(const std::filesystem::path& folder, std::chrono::milliseconds patience,
               const std::string& taken = "another coordinator is at work in it",
               FolderKeeper keeper = FolderKeeper::coordinator);

    static constexpr const char* file_name = "lock";

private:
    files::Descriptor file_;
};

/// Whether a process keeps the folder. Takes no lock, so that nobody who wants one is kept from it.
[[nodiscard]] bool is_kept(const std::filesystem::path& folder, FolderKeeper keeper);

}  // namespace fedgram::run
