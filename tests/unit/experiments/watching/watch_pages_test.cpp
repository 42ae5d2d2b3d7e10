#include "experiments/watching/watch_pages.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using experiments::WatchedRun;
using experiments::WatchPage;

namespace {

const std::string token(32, '7');

struct Watched {
    report::LiveRun run{{"<b>mine</b>", "folder", 1, 0.9, "USA"}, {{"iid", run::TrainingKind::federated}}};
    WatchedRun watched{run};
    WatchPage page{watched, token, "1.2.3"};

    [[nodiscard]] http::Status status(const std::string& path, const std::string& host = "localhost") const
    {
        return page.answer({path, host}).status;
    }
};

}  // namespace

TEST_CASE("The page of a run that goes on is at the token's address alone", "[experiments]")
{
    const Watched watched;
    CHECK(watched.status("/" + token + "/") == http::Status::ok);
    CHECK(watched.status("/" + token + "/events") == http::Status::ok);
    for (const auto& path : {std::string{"/"}, "/" + token, "/" + token + "/other", "/" + token.substr(1) + "/",
                             "/" + token.substr(1) + "8/", "//" + token + "/", std::string{"/events"}})
        CHECK(watched.status(path) == http::Status::not_found);
}

TEST_CASE("A name that somebody else leads to this machine gets nothing", "[experiments]")
{
    const Watched watched;
    for (const char* host : {"127.0.0.1", "localhost", "::1"})
        CHECK(watched.status("/" + token + "/", host) == http::Status::ok);
    for (const char* host : {"evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""}) {
        CHECK(watched.status("/" + token + "/", host) == http::Status::misdirected);
        CHECK(experiments::metrics_answer(watched.watched, {"/metrics", host}).status == http::Status::misdirected);
    }
}

TEST_CASE("The page takes no name for markup, and asks its own server alone", "[experiments]")
{
    const Watched watched;
    const auto page = watched.page.answer({"/" + token + "/", "localhost"}).body;
    CHECK_THAT(page, Catch::Contains("connect-src 'self'") && !Catch::Contains("<b>mine"));
}

TEST_CASE("Metrics are at /metrics", "[experiments]")
{
    const Watched watched;
    CHECK(experiments::metrics_answer(watched.watched, {"/", "localhost"}).status == http::Status::not_found);
    const auto metrics = experiments::metrics_answer(watched.watched, {"/metrics", "localhost"});
    CHECK(metrics.status == http::Status::ok);
    CHECK_THAT(metrics.body, Catch::Contains("# TYPE fedgram_run_info gauge"));
}
