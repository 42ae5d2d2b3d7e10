#include "common/net/rejected_peer_log.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace fedgram::net;
using namespace std::chrono_literals;

TEST_CASE("A stranger is told of once a minute, by address and kind, and always counted", "[coordinator]")
{
    RejectedPeerLog log;
    const RejectedPeerLog::TimePoint start{};
    CHECK(log.note("192.0.2.1", RejectionReason::silent, "it said nothing", start) ==
          "a stranger at 192.0.2.1 was turned away: it said nothing");
    for (int i = 0; i < 1000; ++i)
        CHECK_FALSE(log.note("192.0.2.1", RejectionReason::silent, "it said nothing", start + 59s));
    CHECK(log.note("192.0.2.1", RejectionReason::uncertified, "revoked", start + 59s));
    CHECK(log.note("192.0.2.2", RejectionReason::silent, "it said nothing", start + 59s));
    CHECK(log.note("192.0.2.1", RejectionReason::silent, "it said nothing", start + 60s) ==
          "a stranger at 192.0.2.1 was turned away: it said nothing (and 1000 times before)");
    CHECK(to_json(log).dump() == R"({"silent":1003,"uncertified":1})");
}

TEST_CASE("Strangers from everywhere fill neither the log nor the memory", "[coordinator]")
{
    RejectedPeerLog log;
    int lines = 0;
    for (int i = 0; i < 100'000; ++i)
        lines += log.note(std::to_string(i), RejectionReason::garbage, "nonsense", {}) ? 1 : 0;
    CHECK(lines == 1024);
    CHECK(log.counts().at(RejectionReason::garbage) == 100'000);
    // A minute later those of before are forgotten.
    CHECK(log.note("new", RejectionReason::garbage, "nonsense", RejectedPeerLog::TimePoint{} + 60s));
}
