#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/launch/child_process.hpp"

namespace fedgram::experiments {

/// `fedgram-serve`, the program beside this one, on a free port of 127.0.0.1. It is killed with this object and with
/// this program: whatever it was asked has been answered by then, and it keeps nothing.
class ServerProcess {
public:
    /// Waits until it listens. Throws SystemError where it can't be started, ProtocolError where it ends before it
    /// listens or takes more than 30 s.
    ServerProcess(const std::filesystem::path& model, const std::vector<std::string>& options);

    [[nodiscard]] const std::string& address() const { return address_; }

private:
    ChildProcess process_;
    std::string address_;
};

}  // namespace fedgram::experiments
