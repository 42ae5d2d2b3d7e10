#include "common/carbon/emissions/embodied.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

TEST_CASE("The embodied share is that of the lifetime's hours")
{
    auto device = energy::test::round_figures();
    device.embodied_kgco2e = energy::Figure{87.66, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    device.lifetime_years = energy::Figure{2, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    // 87,660 g over 2 x 8766 h is 5 g an hour.
    const auto share = embodied_share(device, Seconds{2 * 3600});
    REQUIRE(share.has_value());
    CHECK(share->count() == Approx(10));
}

TEST_CASE("An embodied share that isn't known is not zero")
{
    auto device = energy::test::round_figures();
    CHECK_FALSE(embodied_share(device, Seconds{1}).has_value());
    device.embodied_kgco2e = energy::Figure{150, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    CHECK_FALSE(embodied_share(device, Seconds{1}).has_value());  // no lifetime
}
