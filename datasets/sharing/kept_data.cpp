#include "datasets/sharing/kept_data.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>
#include <system_error>
#include <utility>

#include "common/error/error.hpp"
#include "datasets/readers/data_file.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

bool is_own_file(int descriptor)
{
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
}

}  // namespace

std::optional<Dataset> find_kept_data(const fs::path& path)
{
    try {
        files::Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
        if (file.number() < 0 || !is_own_file(file.number())) return std::nullopt;
        return map_data(std::move(file), Damage::looked_for);
    } catch (const DataError&) {
        return std::nullopt;
    }
}

Dataset keep_data(Dataset data, const fs::path& path)
{
    fs::path unfinished;
    try {
        fs::create_directories(path.parent_path());
        // Unlike a process's number, this is one's own on all machines and in all containers that share the folder.
        unfinished = path.string() + unfinished_ending + std::to_string(std::random_device{}());
        write_data(files::Descriptor{::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)}, data,
                   Damage::looked_for);
        auto kept = map_data(files::Descriptor{::open(unfinished.c_str(), O_RDONLY | O_CLOEXEC)}, Damage::ruled_out);
        fs::rename(unfinished, path);
        return kept;
    } catch (const std::exception&) {
        // The next process makes it again; this one has it.
        std::error_code ignored;
        if (!unfinished.empty()) fs::remove(unfinished, ignored);
        return data;
    }
}

}  // namespace fedgram::datasets
