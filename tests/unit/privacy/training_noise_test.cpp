#include "common/privacy/training_noise.hpp"

#include <catch2/catch.hpp>

#include "common/privacy/adaptive_clip.hpp"

using namespace fedgram;
using privacy::Clipping;
using privacy::training_noise;

namespace {

spec::Federated training_with(decltype(spec::Privacy::clip) clip)
{
    spec::Federated training;
    training.nodes = 1000;
    training.client_fraction = 0.1;
    training.max_rounds = 10;
    training.privacy = spec::Privacy{.clip = clip, .noise_multiplier = 1, .delta = 1e-5};
    return training;
}

}  // namespace

TEST_CASE("A training's rule says who clips", "[privacy]")
{
    auto training = training_with(spec::FixedClip{0.5});
    CHECK(training_noise(training).rule.clipping == Clipping::server);
    CHECK(training_noise(training).update_noise_multiplier == 1);
    training.secure_aggregation.emplace();
    CHECK(training_noise(training).rule.clipping == Clipping::nodes);
    CHECK(training_noise(training).update_noise_multiplier == 1);
}

TEST_CASE("The bits of an adaptive clip leave less of the multiplier to the updates", "[privacy]")
{
    const auto noise = training_noise(training_with(spec::AdaptiveClip{}));
    CHECK(noise.rule.clipping == Clipping::adaptive);
    CHECK(noise.noise_multiplier == 1);
    // By hand: n = 100, so (1 - 1/100)^(-1/2).
    CHECK(noise.update_noise_multiplier == Approx(1.00503782));
}
