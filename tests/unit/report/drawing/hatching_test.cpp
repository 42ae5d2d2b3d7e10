#include "common/report/drawing/hatching.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::report;

TEST_CASE("A hatch is lines on a grid of a millimetre, within its area")
{
    const Rectangle area{0.5, 0.5, 2, 1};
    CHECK(hatching(Hatch::none, area).empty());
    CHECK(hatching(Hatch::level, area) == "M0.5 1L2.5 1");
    CHECK(hatching(Hatch::upright, area) == "M1 0.5L1 1.5M2 0.5L2 1.5");
    CHECK(hatching(Hatch::dotted, area) == "M1 1L1.3 1M2 1L2.3 1");
    CHECK(hatching(Hatch::rising, area) == "M0.5 1.5L1.5 0.5M1.5 1.5L2.5 0.5");
    CHECK(hatching(Hatch::falling, area) == "M0.5 0.5L1.5 1.5M1.5 0.5L2.5 1.5");
}
