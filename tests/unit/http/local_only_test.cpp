#include "common/http/local_only.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/http/metrics_page.hpp"

using namespace fedgram;
using Catch::Contains;

TEST_CASE("This machine is known by the names that only it has", "[http]")
{
    for (const char* own : {"127.0.0.1", "localhost", "::1"}) CHECK(http::is_own_host(own));
    for (const char* other : {"", "example.org", "127.0.0.1.example.org", "10.0.0.1"})
        CHECK_FALSE(http::is_own_host(other));
}

TEST_CASE("An address that others can reach is refused by the option's name", "[http]")
{
    asio::io_context context;
    CHECK(http::local_endpoint(context, "127.0.0.1:7", "--metrics").port() == 7);
    CHECK(http::local_endpoint(context, "[::1]:7", "--metrics").port() == 7);
    for (const char* other : {"0.0.0.0:7", "192.0.2.1:7"})
        CHECK_THROWS_WITH(http::local_endpoint(context, other, "--metrics"),
                          Contains("--metrics: ") && Contains("can be reached from other machines"));
    CHECK_THROWS_AS(http::local_endpoint(context, "7", "--metrics"), SpecError);
    CHECK_THROWS_WITH(http::local_endpoint(context, "127.0.0.1", "--metrics"), Contains("--metrics: "));
}

TEST_CASE("Metrics are at one path, for those who ask this machine", "[http]")
{
    const auto text = [] { return std::string{"figures"}; };
    const auto answer = http::metrics_answer({"/metrics", "localhost"}, text);
    CHECK(answer.status == http::Status::ok);
    CHECK(answer.body == "figures");
    CHECK(answer.type == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(http::metrics_answer({"/", "localhost"}, text).status == http::Status::not_found);
    CHECK(http::metrics_answer({"/metrics", "example.org"}, text).status == http::Status::misdirected);
}
