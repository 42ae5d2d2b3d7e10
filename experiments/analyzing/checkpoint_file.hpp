#pragma once

#include <filesystem>
#include <string>

#include "common/files/descriptor.hpp"
#include "experiments/analysis/journal.hpp"

namespace fedgram::experiments {

/// The file that an analysis keeps what it measured in, for one process at a time. The kernel drops that with the
/// process, so that one that is killed leaves nothing stale: at most an empty FILE.lock, which the next one takes away.
class CheckpointFile {
public:
    /// Throws SystemError where something else than a file is there, where no file can be, and while another analysis
    /// keeps it.
    explicit CheckpointFile(std::filesystem::path path);
    CheckpointFile(const CheckpointFile&) = delete;
    CheckpointFile& operator=(const CheckpointFile&) = delete;
    ~CheckpointFile();

    /// What is there of `subject`; an empty journal of it where no file is. Throws DataError for a file that is no
    /// checkpoint, SpecError for one of another subject.
    [[nodiscard]] analysis::Journal read(const std::string& subject) const;
    /// Throws SystemError.
    void save(const analysis::Journal& journal) const;

private:
    std::filesystem::path path_;
    std::filesystem::path lock_path_;
    files::Descriptor lock_;
};

}  // namespace fedgram::experiments
