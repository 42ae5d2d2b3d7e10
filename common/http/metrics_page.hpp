#pragma once

#include <functional>
#include <string>

#include "common/http/server.hpp"

namespace fedgram::http {

/// To this machine alone: at /metrics what `text` gives, in the text format of Prometheus (Exposition formats, version
/// 0.0.4).
[[nodiscard]] Answer metrics_answer(const Request& request, const std::function<std::string()>& text);

}  // namespace fedgram::http
