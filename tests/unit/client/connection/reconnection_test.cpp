#include "client/connection/reconnection.hpp"

#include <asio/error.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace fedgram;
using namespace std::chrono_literals;
using client::Failure;
using client::Reconnection;
using Cause = Failure::Cause;

namespace {

const Failure refused_by_port{Cause::network, "Connection refused"};
const Failure cut_off{Cause::network, "End of file"};
const Failure unknown_host{Cause::machine, "the host \"nowhere\" can't be found: not found"};
const Failure hosted_already{Cause::coordinator, "node 3 is hosted already"};

/// A client whose time is moved by hand: it waits exactly until it is to try again.
struct Tried {
    Reconnection reconnection{"host:7000", {60s, 600s}};
    Reconnection::TimePoint now{};
    std::vector<std::string> warnings;

    void begin() { reconnection.begins(now); }
    void connect()
    {
        begin();
        reconnection.connected();
    }
    void join()
    {
        connect();
        reconnection.joined();
    }

    /// How long to wait before the next try; nothing when it is over, and `error` says why.
    std::optional<std::chrono::milliseconds> fail(const Failure& failure)
    {
        const auto next = reconnection.failed(failure, now);
        if (const auto* over = std::get_if<Reconnection::GiveUp>(&next)) {
            error = over->why.empty() ? failure.text : over->why;
            return std::nullopt;
        }
        const auto& again = std::get<Reconnection::TryAgain>(next);
        if (!again.warning.empty()) warnings.push_back(again.warning);
        const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(again.at - now);
        now = again.at;
        return pause;
    }

    std::string error;
};

using Pauses = std::vector<std::chrono::milliseconds>;

}  // namespace

TEST_CASE("A coordinator that doesn't listen yet is tried for a minute, with growing pauses and one warning",
          "[client]")
{
    Tried tried;
    Pauses pauses;
    for (;;) {
        tried.begin();
        const auto pause = tried.fail(refused_by_port);
        if (!pause) break;
        pauses.push_back(*pause);
    }
    // By hand: 50 ms doubled seven times over is 3.2 s, in all 6.35 s; ten pauses of 5 s more end at 56.35 s, and an
    // eleventh would end after the minute.
    Pauses expected{50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms};
    expected.insert(expected.end(), 10, 5000ms);
    CHECK(pauses == expected);
    CHECK(tried.now.time_since_epoch() == 56'350ms);
    CHECK(tried.warnings ==
          std::vector<std::string>{"no coordinator at host:7000 yet (Connection refused); trying for 60 s"});
    CHECK(tried.error == "no coordinator at host:7000: Connection refused");
}

TEST_CASE("A host name that was never found is an error at once; one that was found before may come back", "[client]")
{
    Tried never;
    never.begin();
    CHECK_FALSE(never.fail(unknown_host));
    CHECK(never.error == unknown_host.text);

    Tried before;
    before.join();
    CHECK(before.fail(cut_off));
    before.begin();
    CHECK(before.fail(unknown_host) == 50ms);
    CHECK(before.warnings.size() == 1);  // of the connection that was lost
}

TEST_CASE("A connection attempt without an answer is tried again like one that is refused", "[client]")
{
    Tried tried;
    tried.begin();
    CHECK(tried.fail({Cause::silence, "no answer before the deadline"}) == 50ms);
}

TEST_CASE("A coordinator that was lost is sought for ten minutes, without a word at each try", "[client]")
{
    Tried tried;
    tried.join();
    CHECK(tried.fail(cut_off) == 200ms);
    CHECK(tried.warnings ==
          std::vector<std::string>{"the connection to the coordinator ended: End of file; trying again for 600 s"});
    const auto lost_at = tried.now;
    do tried.begin();
    while (tried.fail(refused_by_port));
    // By hand: 6.35 s as above, then 118 pauses of 5 s to 596.35 s.
    CHECK(tried.now - lost_at == 596'350ms);
    CHECK(tried.warnings.size() == 1);
    CHECK(tried.error == "no coordinator at host:7000: Connection refused");
}

TEST_CASE("A connection that ends before a word is tried again, and at last TLS is suspected", "[client]")
{
    Tried tried;
    Pauses pauses;
    for (;;) {
        tried.connect();
        const auto pause = tried.fail(cut_off);
        if (!pause) break;
        pauses.push_back(*pause);
    }
    // By hand: 200 ms doubled to 3.2 s, in all 6.2 s; ten pauses of 5 s more end at 56.2 s.
    Pauses expected{200ms, 400ms, 800ms, 1600ms, 3200ms};
    expected.insert(expected.end(), 10, 5000ms);
    CHECK(pauses == expected);
    CHECK(tried.warnings.empty());
    CHECK(tried.error ==
          "the coordinator at host:7000 ended the connection without a word (End of file); does it want "
          "TLS? Then give --tls DIR");
}

TEST_CASE("Each handshake that failed leaves the next connection its whole patience", "[client]")
{
    Tried tried;
    tried.connect();
    CHECK(tried.fail(cut_off) == 200ms);
    tried.begin();
    CHECK(tried.fail(refused_by_port) == 50ms);
    tried.begin();
    CHECK(tried.fail(refused_by_port) == 100ms);
    tried.connect();
    CHECK(tried.fail(cut_off) == 400ms);
    tried.begin();
    CHECK(tried.fail(refused_by_port) == 50ms);
}

TEST_CASE("A client that is refused ends; one that was hosted before waits until its old connection is given up",
          "[client]")
{
    Tried refused;
    refused.connect();
    CHECK_FALSE(refused.fail(hosted_already));
    CHECK(refused.error == "node 3 is hosted already");

    Tried again;
    again.join();
    CHECK(again.fail(cut_off));
    again.connect();
    CHECK(again.fail(hosted_already) == 200ms);
    CHECK(again.warnings.back() == "node 3 is hosted already; trying again");
    do again.connect();
    while (again.fail(hosted_already));
    CHECK(again.error == "node 3 is hosted already");
}

TEST_CASE("What is wrong with this client itself is never tried again", "[client]")
{
    const Failure own{Cause::own, "--nodes: too many ranges"};
    Tried connecting;
    connecting.begin();
    CHECK_FALSE(connecting.fail(own));
    Tried shaking_hands;
    shaking_hands.join();
    CHECK(shaking_hands.fail(cut_off));
    shaking_hands.connect();
    CHECK_FALSE(shaking_hands.fail(own));
    Tried hosted;
    hosted.join();
    CHECK_FALSE(hosted.fail(own));
    CHECK(hosted.error == own.text);
}

TEST_CASE("A session that ends by what the coordinator says is over", "[client]")
{
    Tried tried;
    tried.join();
    CHECK_FALSE(tried.fail({Cause::coordinator, "the coordinator said goodbye: no quorum"}));
    CHECK(tried.error == "the coordinator said goodbye: no quorum");
}

TEST_CASE("Sessions that end at once follow one another ever more slowly, until one has lasted", "[client]")
{
    Tried tried;
    const Failure lost{Cause::lost, "the coordinator asked for a training without its model"};
    Pauses pauses;
    for (int i = 0; i < 7; ++i) {
        tried.join();
        pauses.push_back(tried.fail(lost).value());
    }
    CHECK(pauses == Pauses{200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms});
    CHECK(tried.warnings.front() == lost.text + "; trying again for 600 s");
    tried.join();
    tried.now += 5001ms;
    CHECK(tried.fail(lost) == 200ms);
}

TEST_CASE("An exception says who can put it right", "[client]")
{
    const auto cause_of = [](auto error) { return client::failure_of(std::make_exception_ptr(error)).cause; };
    CHECK(cause_of(std::system_error{asio::error::make_error_code(asio::error::eof)}) == Cause::network);
    CHECK(cause_of(client::ConnectionLost{"x"}) == Cause::lost);
    CHECK(cause_of(Timeout{}) == Cause::silence);
    CHECK(cause_of(ProtocolError{"x"}) == Cause::coordinator);
    CHECK(cause_of(SystemError{"x"}) == Cause::machine);
    CHECK(cause_of(DataError{"x"}) == Cause::own);
    CHECK(client::failure_of(std::make_exception_ptr(DataError{"a file"})).text == "a file");
}
