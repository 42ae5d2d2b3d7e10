#include "coordinator/privacy/private_training.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "common/error/error.hpp"
#include "coordinator/aggregation/fedavg.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

spec::Federated rule_with(spec::Privacy privacy, std::uint32_t nodes = 100, double fraction = 1)
{
    spec::Federated rule;
    rule.nodes = nodes;
    rule.client_fraction = fraction;
    rule.max_rounds = 10;
    spec::settle_accountant(privacy, "privacy", fraction);
    rule.privacy = privacy;
    return rule;
}

const std::vector<float> origin(4, 0.0F);
// Of norms 5 and 0.5.
const std::vector<float> far_off{3, 4, 0, 0};
const std::vector<float> near{0.3F, 0, 0.4F, 0};

Stream any_stream() { return {1, Purpose::privacy_noise}; }

}  // namespace

TEST_CASE("Without noise, a private mean is that of clipped updates over its divisor", "[coordinator]")
{
    PrivateMean mean{origin, {.clip = 1, .noise = 0, .divisor = 2}, any_stream()};
    mean.add(far_off, 7);
    mean.add(near, 1);
    CHECK(mean.clipped() == 1);
    CHECK(mean.unclipped() == 1);
    const auto result = mean.result();
    CHECK(result[0] == Approx((0.6 + 0.3) / 2));
    CHECK(result[1] == Approx(0.4));
    CHECK(result[2] == Approx(0.2));

    // One of four expected nodes: a quarter of its way.
    PrivateMean few{origin, {.clip = 1, .noise = 0, .divisor = 4}, any_stream()};
    few.add(near, 1);
    CHECK(few.result()[2] == Approx(0.1));
    CHECK(PrivateMean{origin, {.clip = 1, .noise = 0, .divisor = 4}, any_stream()}.result() == origin);
}

TEST_CASE("Without noise and clip, and with all nodes there, it is FedAvg of equal nodes, bit for bit", "[coordinator]")
{
    const auto rule = rule_with({.noise_multiplier = 0}, 3);
    const PrivateTraining training{rule, 1};
    const auto mean = training.mean(1, origin);
    FedAvg plain{4};
    for (const auto& update : {far_off, near, std::vector<float>{0.1F, 1e-9F, -7, 0.7F}}) {
        mean->add(update, 60);
        plain.add(update, 60);
    }
    CHECK(mean->result() == plain.result());
    CHECK_FALSE(training.spent(5));
}

TEST_CASE("The noise on the sum has the deviation that was asked for, and the sum is still there", "[coordinator]")
{
    constexpr std::size_t size = 40'000;
    const std::vector<float> zeros(size);
    std::vector<float> update(size, 0.005F);  // norm 1
    PrivateMean mean{zeros, {.clip = 1, .noise = 2, .divisor = 10}, any_stream()};
    for (int node = 0; node < 10; ++node) mean.add(update, 1);
    double sum = 0;
    double squares = 0;
    for (const double value : mean.precise_result()) {
        sum += value;
        squares += (value - 0.005) * (value - 0.005);
    }
    // Each value is 0.005 with a deviation of 2 / 10.
    CHECK(std::sqrt(squares / size) == Approx(0.2).epsilon(0.02));
    CHECK(sum / size == Approx(0.005).margin(4 * 0.2 / std::sqrt(size)));
    // The same round has the same noise.
    CHECK(mean.result() == mean.result());
}

TEST_CASE("With noise, the order of arrival changes no bit", "[coordinator]")
{
    const PrivateSum rule{.clip = 1, .noise = 0.3, .divisor = 3};
    const std::vector<float> third{0.1F, 0.2F, -0.3F, 1e-7F};
    PrivateMean one{origin, rule, any_stream()};
    PrivateMean other{origin, rule, any_stream()};
    for (const auto& update : {far_off, near, third}) one.add(update, 1);
    for (const auto& update : {third, far_off, near}) other.add(update, 1);
    CHECK(one.result() == other.result());
}

TEST_CASE("A budget's noise spends it in all rounds, and no more", "[coordinator]")
{
    const auto rule = rule_with({.clip = spec::FixedClip{1}, .epsilon = 4, .delta = 1e-3}, 100, 0.1);
    const PrivateTraining training{rule, 1};
    REQUIRE(training.spent(10));
    CHECK(training.spent(10)->epsilon <= 4);
    CHECK(training.spent(10)->epsilon > 3.99);
    CHECK(training.spent(5)->epsilon < training.spent(10)->epsilon);
    CHECK(training.clip() == 1);
    CHECK(training.sampling_rate() == 0.1);
    CHECK(training.most_rounds() == 10);
}

TEST_CASE("A training stops before the round that would spend more than it may", "[coordinator]")
{
    const auto rule =
        rule_with({.clip = spec::FixedClip{1}, .noise_multiplier = 1, .delta = 1e-3, .stop_at_epsilon = 5}, 100, 0.5);
    const PrivateTraining training{rule, 1};
    const auto rounds = training.most_rounds();
    CHECK(training.spent(rounds)->epsilon <= 5);
    CHECK(training.spent(rounds + 1)->epsilon > 5);
}

TEST_CASE("An adaptive clip moves on behind a round, and from a checkpoint", "[coordinator]")
{
    const auto rule = rule_with({.clip = spec::AdaptiveClip{.initial = 1}, .noise_multiplier = 0}, 2);
    PrivateTraining training{rule, 1};
    const auto mean = training.mean(1, origin);
    mean->add(far_off, 1);
    mean->add(far_off, 1);
    training.ended(1, *mean);
    // No update was within the clip: it grows by e^(0.2 x 0.5).
    CHECK(training.clip() == Approx(std::exp(0.1)));
    learning::StateWriter writer;
    training.write(writer);
    const auto bytes = writer.take();
    PrivateTraining resumed{rule, 1};
    learning::StateReader reader{bytes};
    resumed.read(reader);
    CHECK(resumed.clip() == training.clip());

    const auto small = rule_with({.clip = spec::AdaptiveClip{}, .noise_multiplier = 1, .delta = 1e-3}, 10);
    CHECK_THROWS_AS((PrivateTraining{small, 1}), SpecError);
}

TEST_CASE("Poisson cohorts have any size, fixed ones the cohort's", "[coordinator]")
{
    auto rule = rule_with({.noise_multiplier = 0}, 1'000, 0.1);
    const PrivateTraining poisson{rule, 1};
    CHECK(poisson.cohort(1).size() != poisson.cohort(2).size());
    rule.privacy->sampling = spec::NodeSampling::fixed;
    const PrivateTraining fixed{rule, 1};
    CHECK(fixed.cohort(1).size() == 100);
    CHECK(fixed.cohort(2).size() == 100);
}
