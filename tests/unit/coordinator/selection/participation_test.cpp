#include "coordinator/selection/participation.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using coordinator::Participation;

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
