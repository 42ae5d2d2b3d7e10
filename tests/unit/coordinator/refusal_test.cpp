#include "coordinator/refusal.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using fedgram::coordinator::Claim;
using fedgram::coordinator::refusal;

namespace {

const Claim asked{1, 7, 600, 1200, 38};

}  // namespace

TEST_CASE("An update as it was asked for is not refused", "[coordinator]")
{
    CHECK_FALSE(refusal(asked, asked, std::vector{0.5f, -3e8f}, 2));
}

TEST_CASE("An update is refused that is not finite, absurd or of the wrong size", "[coordinator]")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {nan, infinity, -infinity, 0x1p31f})
        CHECK(refusal(asked, asked, std::vector{0.5f, bad}, 2).value().starts_with("parameter 1 is"));
    CHECK(refusal(asked, asked, std::vector{0.5f}, 2) == "it has 1 parameters, the model has 2");
}

TEST_CASE("An update is refused that claims other work than was asked for", "[coordinator]")
{
    auto claimed = asked;
    claimed.samples = 1'000'000'000'000;
    CHECK(refusal(asked, claimed, std::vector{0.5f}, 1).value().find("claims 1000000000000 samples") !=
          std::string::npos);
    claimed = asked;
    claimed.round = 6;
    CHECK(refusal(asked, claimed, std::vector{0.5f}, 1) == "it is for round 6, this is round 7");
}

TEST_CASE("An update is refused that claims a CPU time which is none", "[coordinator]")
{
    using fedgram::coordinator::cpu_time_refusal;
    CHECK_FALSE(cpu_time_refusal(0));
    CHECK(cpu_time_refusal(-1) == "it claims -1.000000 s of CPU time");
    CHECK(cpu_time_refusal(std::numeric_limits<double>::infinity()) == "it claims inf s of CPU time");
    CHECK(cpu_time_refusal(std::numeric_limits<double>::quiet_NaN()));
}
