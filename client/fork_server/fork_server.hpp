#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "common/files/descriptor.hpp"

namespace fedgram::client {

/// What a client that was forked begins with.
struct ForkedClient {
    std::vector<std::string> arguments;  ///< as those of fedgram-client
    double cpu_seconds_before = 0;       ///< of the fork server, that no client has taken over yet
};

/// Forks a client for each request that comes through `socket` from `launcher`, this process's parent; README.md says
/// what they say to each other. Returns in each client, which is then a child of the launcher and has no such socket;
/// and with nothing in the fork server, once the launcher has closed its end. The launcher must be a child subreaper
/// (prctl(2)). Throws SystemError when this process has more than one thread or can't fork.
[[nodiscard]] std::optional<ForkedClient> serve_forks(files::Descriptor socket, pid_t launcher);

}  // namespace fedgram::client
