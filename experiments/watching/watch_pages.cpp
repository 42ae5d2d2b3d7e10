#include "experiments/watching/watch_pages.hpp"

#include <openssl/crypto.h>

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/http/local_only.hpp"
#include "common/http/metrics_page.hpp"
#include "common/report/live/live_json.hpp"
#include "common/report/live/metrics_text.hpp"
#include "common/report/page/page.hpp"

namespace fedgram::experiments {

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

constexpr auto look_interval = 200ms;
// A viewer that has gone is noticed by what can't be sent.
constexpr auto longest_silence = 5s;

http::Answer plain(http::Status status, std::string text) { return {.status = status, .body = std::move(text) + "\n"}; }

/// Without telling by the time that it takes how much of it is right.
bool is_token(std::string_view given, const std::string& token)
{
    return given.size() == token.size() && CRYPTO_memcmp(given.data(), token.data(), token.size()) == 0;
}

/// Of a stream of server-sent events (HTML Standard, section 9.2).
std::string event(const char* name, const Json& data)
{
    return std::string{"event: "} + name + "\ndata: " + data.dump(-1, ' ', false, Json::error_handler_t::replace) +
           "\n\n";
}

/// What one viewer has been told.
class Viewer {
public:
    explicit Viewer(const WatchedRun& watched) : watched_{watched} {}

    /// All that is new; empty where nothing is.
    std::string news()
    {
        if (revision_ == watched_.revision) return {};
        revision_ = watched_.revision;
        std::string text;
        if (edition_ != watched_.run.edition()) {
            edition_ = watched_.run.edition();
            seen_.clear();
            text += event("start", report::live_start_json(watched_.run));
        }
        if (const auto points = report::live_points_json(watched_.run, seen_); !points.is_null())
            text += event("points", points);
        return text + event("state", report::live_state_json(watched_.run));
    }

    /// The next news, a sign of life where there are none for long, and nothing behind the farewell.
    asio::awaitable<std::optional<std::string>> next()
    {
        asio::steady_timer timer{co_await asio::this_coro::executor};
        const auto silent_until = std::chrono::steady_clock::now() + longest_silence;
        for (;;) {
            if (auto text = news(); !text.empty()) co_return text;
            if (watched_.farewell) {
                if (std::exchange(has_farewell_, true)) co_return std::nullopt;
                co_return event("end", *watched_.farewell);
            }
            if (std::chrono::steady_clock::now() >= silent_until) co_return ":\n\n";
            timer.expires_after(look_interval);
            asio::error_code woken;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
    }

private:
    const WatchedRun& watched_;
    std::optional<std::uint64_t> revision_;
    std::optional<std::uint32_t> edition_;
    report::PointsSeen seen_;
    bool has_farewell_ = false;
};

http::Answer event_stream(const WatchedRun& watched)
{
    // The answer and the coroutine that waits for its next piece share it.
    const auto viewer = std::make_shared<Viewer>(watched);
    return {.type = "text/event-stream", .body = "retry: 2000\n\n", .more = [viewer] { return viewer->next(); }};
}

}  // namespace

WatchPage::WatchPage(const WatchedRun& watched, std::string token, std::string version)
    : watched_{watched}, token_{std::move(token)}, version_{std::move(version)}
{
}

http::Answer WatchPage::answer(const http::Request& request) const
{
    if (!http::is_own_host(request.host)) return plain(http::Status::misdirected, "ask for 127.0.0.1");
    // "/TOKEN/REST"
    const auto path = std::string_view{request.path}.substr(1);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || !is_token(path.substr(0, slash), token_))
        return plain(http::Status::not_found, "use the whole address that fedgram has printed");
    const auto rest = path.substr(slash + 1);
    if (rest.empty())
        return {.type = "text/html; charset=utf-8", .body = report::live_page(watched_.run.facts().name, version_)};
    if (rest == "events") return event_stream(watched_);
    return plain(http::Status::not_found, "there is the page, and its events");
}

http::Answer metrics_answer(const WatchedRun& watched, const http::Request& request)
{
    return http::metrics_answer(request, [&] { return report::metrics_text(watched.run); });
}

}  // namespace fedgram::experiments
