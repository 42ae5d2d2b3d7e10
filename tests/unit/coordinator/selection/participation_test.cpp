#include "coordinator/selection/participation.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using coordinator::Participation;

TEST_CASE("A record of participation says who was never chosen, and how even the rest is", "[coordinator]")
{
    Participation record{4};
    CHECK(record.share_never_chosen() == 1);
    CHECK_FALSE(record.jain_index());
    for (const std::uint32_t node : {0u, 0u, 0u, 1u}) record.add(node);
    CHECK(record.times(0) == 3);
    CHECK(record.share_never_chosen() == 0.5);
    CHECK(*record.jain_index() == 0.4);  // 4^2 / (4 x (9 + 1))
}

TEST_CASE("Jain's index is k/n where k of n nodes share all turns evenly", "[coordinator]")
{
    Participation record{5};
    for (std::uint32_t node = 0; node < 5; ++node) {
        record.add(node);
        record.add(node);
        CHECK(*record.jain_index() == Approx((node + 1) / 5.0));
    }
}

TEST_CASE("A record of participation is written and read", "[coordinator]")
{
    Participation record{3};
    record.add(2);
    learning::StateWriter writer;
    record.write(writer);
    const auto bytes = writer.take();
    Participation again{3};
    learning::StateReader reader{bytes};
    again.read(reader);
    CHECK(again.times(2) == 1);
    CHECK(again.times(0) == 0);
    Participation other{4};
    learning::StateReader anew{bytes};
    CHECK_THROWS_AS(other.read(anew), DataError);
}
