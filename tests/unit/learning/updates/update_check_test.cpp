#include "common/learning/updates/update_check.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using namespace fedgram::learning;

namespace {

const UpdateMetadata asked{1, 7, 600, 1200, 38};
const std::vector<float> global{0.5f, 1.0f};

UpdateLimits limits() { return {global, 5}; }

Refusal refused(const UpdateMetadata& claimed, const std::vector<float>& update)
{
    const auto refusal_found = refusal(asked, claimed, update, limits());
    REQUIRE(refusal_found);
    return *refusal_found;
}

}  // namespace

TEST_CASE("An update as it was asked for is not refused", "[coordinator]")
{
    CHECK_FALSE(refusal(asked, asked, std::vector{0.25f, -1.0f}, limits()));
    // By hand: sqrt(3^2 + 4^2) = 5, the largest that may be.
    CHECK_FALSE(refusal(asked, asked, std::vector{3.5f, -3.0f}, limits()));
}

TEST_CASE("An update is refused that is not finite or of the wrong size", "[coordinator]")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {nan, infinity, -infinity}) {
        const auto found = refused(asked, {0.5f, bad});
        CHECK(found.reason == RefusalReason::not_finite);
        CHECK(found.text.starts_with("parameter 1 is"));
    }
    for (const std::vector<float>& update : {std::vector<float>{0.5f}, {0.5f, 1, 1}, {}})
        CHECK(refused(asked, update).reason == RefusalReason::wrong_shape);
    CHECK(refused(asked, {0.5f}).text == "it has 1 parameters, the model has 2");
}

TEST_CASE("An update is refused that is too far from the global model", "[coordinator]")
{
    const auto far = refused(asked, {3.5f, -3.001f});
    CHECK(far.reason == RefusalReason::norm_too_large);
    CHECK(far.text == "it is 5.000800 from the global model, max_update_norm is 5.000000");
    // What fixed point can't hold is refused whatever the norm allows.
    const auto absurd = refusal(asked, asked, std::vector{0.5f, -0x1p31f}, {global, 1e300});
    CHECK(absurd.value().reason == RefusalReason::norm_too_large);
    CHECK_FALSE(refusal(asked, asked, std::vector{0.5f, -0x1p30f}, {global, 1e300}));
    // A value that is near enough to a model that is large itself.
    const std::vector<float> large{0.5f, 0x1.fffffep30f};
    CHECK_FALSE(refusal(asked, asked, large, {large, 5}));
}

TEST_CASE("An update is refused that claims other work than was asked for", "[coordinator]")
{
    auto claimed = asked;
    claimed.samples = 1'000'000'000'000;
    CHECK(refused(claimed, global).reason == RefusalReason::wrong_counts);
    CHECK(refused(claimed, global).text ==
          "it claims 1000000000000 samples, 1200 seen in 38 steps; the node was given 600, 1200 and 38");
    claimed = asked;
    claimed.steps = 39;
    CHECK(refused(claimed, global).reason == RefusalReason::wrong_counts);
    claimed = asked;
    claimed.round = 6;
    CHECK(refused(claimed, global).reason == RefusalReason::wrong_round);
    CHECK(refused(claimed, global).text == "it is for round 6, this is round 7");
    claimed = asked;
    claimed.training = 0;
    CHECK(refused(claimed, global).reason == RefusalReason::wrong_round);
}

TEST_CASE("An update that nobody awaits is refused for the first rule that it breaks", "[coordinator]")
{
    const auto reason = [&](bool hosted, std::uint32_t round, bool answered) {
        return unawaited_refusal(asked, {1, round}, {hosted, answered}).reason;
    };
    CHECK(reason(false, 7, true) == RefusalReason::not_hosted);
    CHECK(reason(true, 6, true) == RefusalReason::wrong_round);
    CHECK(reason(true, 7, true) == RefusalReason::repeated);
    CHECK(reason(true, 7, false) == RefusalReason::not_asked);
}
