#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/files/descriptor.hpp"
#include "experiments/launch/child_process.hpp"

namespace fedgram::experiments {

/// A process that loads an engine and a dataset once and forks clients from itself (client/README.md). The clients are
/// this program's own children, as if it had started them itself. The process ends with the object; its clients stay.
class ClientForkServer {
public:
    /// Makes this program the parent of the processes that its children leave behind. `data` are the options that say
    /// where the dataset is; `kept` is a descriptor that stays open there. Throws SystemError.
    ClientForkServer(const std::string& engine, const std::string& dataset, const std::vector<std::string>& data,
                     std::optional<int> kept);
    ClientForkServer(const ClientForkServer&) = delete;
    ClientForkServer& operator=(const ClientForkServer&) = delete;

    /// Readable once it has loaded everything, or has failed; `is_ready` then says which. Ask that once.
    [[nodiscard]] int socket() const { return socket_.number(); }
    [[nodiscard]] bool is_ready();
    /// A client with these arguments; nothing when the fork server is no longer there, or hangs.
    [[nodiscard]] std::optional<ChildProcess> fork_client(const std::vector<std::string>& arguments);
    /// Notices that it has ended; true the first time.
    [[nodiscard]] bool has_just_ended() { return process_->has_just_ended(); }

private:
    [[nodiscard]] std::string hear();

    files::Descriptor socket_;
    std::optional<ChildProcess> process_;
};

}  // namespace fedgram::experiments
