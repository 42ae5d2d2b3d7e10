#include "common/http/request.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::http;

namespace {

Request accepted(const std::string& head)
{
    const auto parsed = parse_request(head);
    REQUIRE(std::holds_alternative<Request>(parsed));
    return std::get<Request>(parsed);
}

Status refused(const std::string& head)
{
    const auto parsed = parse_request(head);
    REQUIRE(std::holds_alternative<Status>(parsed));
    return std::get<Status>(parsed);
}

std::string get(const std::string& target, const std::string& fields = "Host: localhost\r\n")
{
    return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
}

}  // namespace

TEST_CASE("A request has its path without the query, and the host without the port", "[http]")
{
    const auto request = accepted(get("/metrics?a=1", "Accept: */*\r\nhOsT: \t LocalHost:9400 \r\n"));
    CHECK(request.path == "/metrics");
    CHECK(request.host == "localhost");
    CHECK_FALSE(request.head_only);
    CHECK(accepted(get("/", "Host: 127.0.0.1:80\r\n")).host == "127.0.0.1");
    CHECK(accepted(get("/", "Host: [::1]:80\r\n")).host == "::1");
    CHECK(accepted("HEAD / HTTP/1.0\r\nHost: a\r\n\r\n").head_only);
}

TEST_CASE("Other methods and versions are told apart from what is no request at all", "[http]")
{
    CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\n\r\n") == Status::method_not_allowed);
    CHECK(refused("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == Status::version_not_supported);
    for (const char* line : {"", "GET", "GET /", "GET / ", "GET  HTTP/1.1", "GET http://a/ HTTP/1.1", "GET * HTTP/1.1",
                             "GET /a b HTTP/1.1", "G(T / HTTP/1.1", "GET /\x7f HTTP/1.1", "GET /\xc3\xa4 HTTP/1.1",
                             "GET / http/1.1", "GET / HTTP/1.1 "})
        CHECK(refused(std::string{line} + "\r\nHost: a\r\n\r\n") == Status::bad_request);
}

TEST_CASE("A request names its host once, has well-formed fields, and no body", "[http]")
{
    CHECK(refused(get("/", "")) == Status::bad_request);
    CHECK(refused(get("/", "Host:\r\n")) == Status::bad_request);
    CHECK(refused(get("/", "Host: a\r\nHost: b\r\n")) == Status::bad_request);
    CHECK(refused(get("/", "Host: a\r\nno colon\r\n")) == Status::bad_request);
    CHECK(refused(get("/", "Host: a\r\nspaced : 1\r\n")) == Status::bad_request);
    CHECK(refused(get("/", "Host: a\r\n folded\r\n")) == Status::bad_request);
    CHECK(refused(get("/", "Host: a\r\nContent-Length: 1\r\n")) == Status::bad_request);
    CHECK(refused(get("/", "Host: a\r\nTransfer-Encoding: chunked\r\n")) == Status::bad_request);
    CHECK(accepted(get("/", "Host: a\r\nContent-Length: 0\r\n")).host == "a");
}

TEST_CASE("A head that isn't whole, goes on behind its end, or is too long is refused", "[http]")
{
    CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\n") == Status::bad_request);
    CHECK(refused(get("/") + "more") == Status::bad_request);
    CHECK(refused("GET / HTTP/1.1\nHost: a\n\n") == Status::bad_request);
    const auto longest = [](std::size_t size) {
        const auto rest = get("/", "Host: a\r\nX: \r\n").size();
        return get("/", "Host: a\r\nX: " + std::string(size - rest, 'x') + "\r\n");
    };
    CHECK(accepted(longest(most_head_bytes)).host == "a");
    CHECK(refused(longest(most_head_bytes + 1)) == Status::head_too_large);
}
