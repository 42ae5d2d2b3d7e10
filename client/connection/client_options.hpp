#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "client/connection/reconnection.hpp"
#include "common/energy/meters/core_power.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::client {

/// What a client trains with, and what it has spent.
struct HostOptions {
    datasets::DataSource data{};
    std::optional<std::filesystem::path> state_folder{};  ///< for what only its nodes can know
    std::optional<energy::CorePower> core_power{};        ///< of this machine, for an estimate of what its nodes draw
    double cpu_seconds_before = 0;  ///< CPU time that another process has spent on its start, to be reported as its own
};

struct Options {
    std::string coordinator;  ///< HOST:PORT
    protocol::NodeSet nodes;  ///< that this process hosts
    HostOptions host{};
    std::optional<protocol::Secret> secret{};  ///< that the coordinator must know, too
    std::optional<net::TlsFiles> tls{};        ///< nothing: plain TCP
    Reconnection::Patience patience{std::chrono::seconds{60}, std::chrono::seconds{600}};
};

}  // namespace fedgram::client
