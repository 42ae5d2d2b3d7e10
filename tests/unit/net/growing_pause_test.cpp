#include "common/net/growing_pause.hpp"

#include <catch2/catch.hpp>

using fedgram::net::GrowingPause;
using namespace std::chrono_literals;

TEST_CASE("A pause doubles up to the longest one, and can start over", "[net]")
{
    GrowingPause pause{2s, 9s};
    CHECK(pause.is_first());
    CHECK(pause.next() == 2s);
    CHECK(pause.take() == 2s);
    CHECK_FALSE(pause.is_first());
    CHECK(pause.take() == 4s);
    CHECK(pause.take() == 8s);
    CHECK(pause.take() == 9s);
    CHECK(pause.take() == 9s);
    pause.start_over();
    CHECK(pause.take() == 2s);
}
