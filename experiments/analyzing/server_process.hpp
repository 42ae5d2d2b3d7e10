#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/files/descriptor.hpp"
#include "experiments/launch/child_process.hpp"

namespace fedgram::experiments {

// The most that fedgram-serve takes (client/serving/command_line.cpp).

inline constexpr std::uint32_t largest_served_batch = 1024;
inline constexpr std::uint32_t most_served_instances = 256;
inline constexpr std::uint32_t longest_served_queue = 1'000'000;

/// `fedgram-serve`, the program beside this one, on a free port of 127.0.0.1. It is killed with this object and with
/// this program: whatever it was asked has been answered by then, and it keeps nothing.
class ServerProcess {
public:
    /// Waits until it listens. Throws SystemError where it can't be started, ProtocolError where it ends before it
    /// listens, with its own reason, or takes more than 30 s.
    ServerProcess(const std::filesystem::path& model, const std::vector<std::string>& options);

    [[nodiscard]] const std::string& address() const { return address_; }

    /// How it has ended, with the last that it said: "exit code 5: no memory"; nothing while it runs. To be asked once
    /// it is missed: it is given a moment.
    [[nodiscard]] std::optional<std::string> ending();

private:
    files::Descriptor said_;  // on standard error; a file in memory
    ChildProcess process_;
    std::string address_;
};

}  // namespace fedgram::experiments
