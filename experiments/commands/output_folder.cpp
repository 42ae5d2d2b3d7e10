#include "experiments/commands/output_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/folder_lock.hpp"

namespace fedgram::experiments {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& folder, const std::string& why)
{
    throw SystemError{folder.string() + " can't be made: " + why + "; choose another --out"};
}

/// False where it is there already.
bool made(const std::filesystem::path& folder)
{
    std::error_code error;
    if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
    if (error) refuse(folder, error.message());
    if (::mkdir(folder.c_str(), 0777) == 0) return true;
    if (errno != EEXIST) refuse(folder, std::strerror(errno));
    return false;
}

/// What a run leaves that was killed before it had begun is nothing.
bool holds_nothing(const std::filesystem::path& folder, std::error_code& error)
{
    std::filesystem::directory_iterator entry{folder, error};
    for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error))
        if (const auto name = entry->path().filename(); name != run::FolderLock::file_name && name != "spec.json.tmp")
            return false;
    return true;
}

/// By a name that ends in a slash, a folder's parent is itself.
std::filesystem::path without_slash(const std::filesystem::path& folder)
{
    return folder.has_filename() ? folder : folder.parent_path();
}

}  // namespace

std::filesystem::path default_folder(const std::string& name)
{
    const auto now = std::time(nullptr);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", std::gmtime(&now));
    return std::filesystem::path{"results"} / (name + "-" + text);
}

void check_output_folder(const std::filesystem::path& folder)
{
    std::error_code error;
    const auto status = std::filesystem::status(folder, error);
    if (!std::filesystem::status_known(status)) refuse(folder, error.message());  // as of links that go in a circle
    if (std::filesystem::exists(status) && !std::filesystem::is_directory(status))
        throw SystemError{folder.string() + " is no folder; choose another --out"};
    if (std::filesystem::is_directory(status) && !holds_nothing(folder, error))
        throw SystemError{folder.string() + " is not empty; choose another --out, results are never overwritten"};
    // The nearest folder that exists must allow a new one below it.
    auto there = std::filesystem::absolute(folder).lexically_normal();
    while (!std::filesystem::exists(there, error) && there.has_relative_path()) there = there.parent_path();
    if (!std::filesystem::is_directory(there, error) || ::access(there.c_str(), W_OK | X_OK) != 0)
        throw SystemError{folder.string() + " can't be made: " + there.string() +
                          " is no folder that can be written to; choose another --out"};
}

void make_output_folder(const std::filesystem::path& folder) { static_cast<void>(made(without_slash(folder))); }

std::filesystem::path make_run_folder(const std::optional<std::filesystem::path>& wanted, const std::string& name,
                                      const std::string& spec)
{
    auto folder = without_slash(wanted.value_or(default_folder(name)));
    if (wanted) {
        static_cast<void>(made(folder));  // an empty one is as good
    } else {
        const auto first = folder;
        for (int count = 2; !made(folder); ++count) folder = first.string() + "-" + std::to_string(count);
    }
    // Of several that found it empty, one gets it.
    if (!files::write_new_file(folder / "spec.json", spec))
        throw SystemError{folder.string() + " was taken by another run just now; choose another --out"};
    return folder;
}

}  // namespace fedgram::experiments
