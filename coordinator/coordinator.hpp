#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "common/energy/meters/core_power.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "common/store/training_store.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::coordinator {

struct Options {
    std::filesystem::path spec;    ///< a resolved specification
    std::filesystem::path folder;  ///< of the run
    std::string listen = "127.0.0.1:0";
    bool resume = false;  ///< go on in `folder`, from its last checkpoint, with its own specification
    std::chrono::milliseconds checkpoint_interval{1000};  ///< between checkpoints, at least
    std::optional<std::uint32_t> pause_at{};  ///< the run stops where a training has so many rounds, to be resumed
    datasets::DataSource data{};
    std::optional<store::StorePlace> store{};  ///< trainings that are there aren't trained, and the others go there
    std::optional<energy::CorePower> core_power{};  ///< of this machine, for an estimate of what its processes draw
    std::optional<protocol::Secret> secret{};       ///< that a peer must know to become a client
    std::optional<net::TlsFiles> tls{};             ///< a peer needs a certificate for its nodes; nothing: plain TCP
    bool insecure_listen = false;                   ///< other machines may come without TLS
};

/// One run, from the specification to the summary: waits until the clients host every node, runs one training after the
/// other, writes the run folder. Returns when the run is over. Nothing is listened on or written before files,
/// specification and data are checked. Throws Interrupted after SIGINT or SIGTERM, with the results so far written.
void run_coordinator(const Options& options);

}  // namespace fedgram::coordinator
