#include "experiments/analyzing/checkpoint_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

/// Nothing where another process has it.
files::Descriptor locked(const std::filesystem::path& path)
{
    while (true) {
        files::Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)};
        if (file.number() < 0)
            throw SystemError{"--out: " + path.string() + " can't be written: " + std::strerror(errno)};
        struct flock whole {};
        whole.l_type = F_WRLCK;
        whole.l_whence = SEEK_SET;
        if (::fcntl(file.number(), F_OFD_SETLK, &whole) != 0) {
            if (errno == EAGAIN || errno == EACCES) return {};
            throw SystemError{"--out: " + path.string() + " can't be locked: " + std::strerror(errno)};
        }
        // Who had it before may have taken the name away meanwhile.
        struct stat own {};
        struct stat named {};
        if (::fstat(file.number(), &own) == 0 && ::stat(path.c_str(), &named) == 0 && own.st_ino == named.st_ino)
            return file;
    }
}

}  // namespace

CheckpointFile::CheckpointFile(std::filesystem::path path)
    : path_{std::move(path)}, lock_path_{path_.string() + ".lock"}
{
    if (std::filesystem::exists(path_) && !std::filesystem::is_regular_file(path_))
        throw SystemError{"--out: " + path_.string() + " is there and no file that measurements can be kept in; " +
                          "choose another --out"};
    lock_ = locked(lock_path_);
    if (lock_.number() < 0)
        throw SystemError{"--out: another analysis is at work with " + path_.string() +
                          "; wait until it ends, or choose another --out"};
}

CheckpointFile::~CheckpointFile()
{
    if (lock_.number() >= 0) ::unlink(lock_path_.c_str());
}

analysis::Journal CheckpointFile::read(const std::string& subject) const
{
    if (!std::filesystem::exists(path_)) return {.subject = subject};
    const auto where = "--out: " + path_.string();
    const auto json = Json::parse(files::read_file(path_), nullptr, false);
    auto journal = analysis::journal_from_json(json, where);
    if (journal.subject != subject)
        throw SpecError{where + " holds measurements of other models, devices or prices; choose another --out"};
    return journal;
}

void CheckpointFile::save(const analysis::Journal& journal) const
{
    files::write_file(path_, analysis::to_json(journal).dump(1) + "\n");
}

}  // namespace fedgram::experiments
