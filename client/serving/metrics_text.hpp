#pragma once

#include <string>

#include "common/protocol/messages.hpp"

namespace fedgram::client {

/// What a server has done, for Prometheus.
[[nodiscard]] std::string metrics_text(const wire::ServerMetrics& metrics);

}  // namespace fedgram::client
