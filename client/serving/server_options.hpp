#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "common/serving/batcher.hpp"

namespace fedgram::client {

struct ServerOptions {
    std::filesystem::path model;
    std::string listen = "127.0.0.1:0";
    serving::BatcherSettings batcher{};
    std::optional<protocol::Secret> secret{};
    std::optional<net::TlsFiles> tls{};
    bool insecure_listen = false;          ///< beyond this machine without TLS
    std::chrono::seconds grace{10};        ///< after a signal, to answer what was taken
    std::optional<std::string> metrics{};  ///< HOST:PORT of this machine, for Prometheus
};

}  // namespace fedgram::client
