#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/launch/slurm/step_host.hpp"

namespace fedgram::experiments::slurm {

/// The folder RUN/join of a run on several machines, while it goes on: what its processes prove by that they belong to
/// it, and the file `address`. Nobody but its owner can look into it (0700, and 0600 for each key and the secret). It
/// is made anew each time the run is begun or taken up, so that nothing in it outlasts the processes that need it.
class JoinFolder {
public:
    /// `hosts` are the coordinator's names, `nodes` what each client hosts ("0-4"). Throws SystemError.
    JoinFolder(const std::filesystem::path& run, Trust trust, const std::vector<std::string>& hosts,
               const std::vector<std::string>& nodes);
    JoinFolder(const JoinFolder&) = delete;
    JoinFolder& operator=(const JoinFolder&) = delete;
    ~JoinFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    static constexpr const char* secret_file = "secret";
    static constexpr const char* address_file = "address";

private:
    std::filesystem::path path_;
};

}  // namespace fedgram::experiments::slurm
