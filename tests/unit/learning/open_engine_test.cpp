#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/open_engine.hpp"

using namespace fedgram;

TEST_CASE("An unknown engine is refused with the known ones")
{
    CHECK_THROWS_AS(learning::open_engine("jax"), SpecError);
    CHECK_THROWS_WITH(learning::open_engine("jax"), "engine: \"jax\" is unknown; use \"native\" or \"torch\"");
}
