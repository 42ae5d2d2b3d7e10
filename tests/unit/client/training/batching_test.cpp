#include "client/training/batching.hpp"

#include <catch2/catch.hpp>

using fedgram::client::Batching;
using namespace std::chrono_literals;

TEST_CASE("An update waits only for one that will be there within 2 ms", "[client]")
{
    Batching batching;
    CHECK_FALSE(batching.may_wait(1, 0s, 60));  // nothing is known of how long a training takes
    batching.trained(60, 200us);
    CHECK(batching.may_wait(1, 0s, 60));
    CHECK(batching.may_wait(1, 0s, 500));
    CHECK_FALSE(batching.may_wait(1, 0s, 6'000));  // by hand: 20 ms
    CHECK(batching.may_wait(3, 1ms, 60));
    CHECK_FALSE(batching.may_wait(3, 1900us, 60));
    batching.trained(60, 300ms);
    CHECK_FALSE(batching.may_wait(1, 0s, 60));
}

TEST_CASE("An update doesn't wait when none follows, nor for more than sixteen", "[client]")
{
    Batching batching;
    batching.trained(1'000, 1us);
    CHECK_FALSE(batching.may_wait(1, 0s, std::nullopt));
    CHECK(batching.may_wait(15, 0s, 1));
    CHECK_FALSE(batching.may_wait(16, 0s, 1));
}
