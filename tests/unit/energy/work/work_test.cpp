#include "common/energy/work/work.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::energy;

TEST_CASE("Work adds up field by field")
{
    Work sum{1, 2, 3, 4, 5, 6};
    sum += Work{10, 20, 30, 40, 50, 60};
    CHECK(sum == Work{11, 22, 33, 44, 55, 66});
}

TEST_CASE("Each phase has the name that the ledger uses")
{
    CHECK(name(Phase::download) == "download");
    CHECK(name(Phase::train) == "train");
    CHECK(name(Phase::upload) == "upload");
    CHECK(name(Phase::idle) == "idle");
    CHECK(name(Phase::evaluate) == "evaluate");
    CHECK(name(Phase::aggregate) == "aggregate");
}
