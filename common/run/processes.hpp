#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::run {

/// processes.json: who is at work in a run. Written anew when a client joins in mid-run.
struct Processes {
    struct Client {
        pid_t pid = 0;  ///< on its own machine
        std::vector<std::uint32_t> nodes;
    };

    pid_t coordinator = 0;
    std::string address;  ///< that the coordinator listens on, "HOST:PORT"
    std::vector<Client> clients;
};

[[nodiscard]] nlohmann::ordered_json to_json(const Processes& processes);
/// Throws DataError that names the key below `where`.
[[nodiscard]] Processes parse_processes(const nlohmann::ordered_json& json, const std::string& where);

}  // namespace fedgram::run
