#include "common/http/metrics_page.hpp"

#include "common/http/local_only.hpp"

namespace fedgram::http {

Answer metrics_answer(const Request& request, const std::function<std::string()>& text)
{
    if (!is_own_host(request.host)) return {.status = Status::misdirected, .body = "ask for 127.0.0.1\n"};
    if (request.path != "/metrics") return {.status = Status::not_found, .body = "the metrics are at /metrics\n"};
    return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = text()};
}

}  // namespace fedgram::http
