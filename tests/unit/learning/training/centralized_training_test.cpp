#include "common/learning/training/centralized_training.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/unit/learning/training/recording_replica.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// Ten samples of one pixel whose label is their index.
const std::vector<std::uint8_t> ten{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
const std::vector<std::uint32_t> all_ten{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
const auto always = [] { return true; };

const Model& one_pixel_model()
{
    static const Model model =
        build_model({.name = "pixel", .layers = {spec::Flatten{}, spec::Linear{10}}, .torchscript = {}}, {1, 1, 1, 10});
    return model;
}

spec::Centralized rule(std::uint32_t max_epochs, std::uint64_t evaluate_every, std::optional<double> decay = {})
{
    return {.batch_size = 4,
            .optimizer = {.learning_rate = 0.5},
            .max_epochs = max_epochs,
            .linear_decay_epochs = decay,
            .evaluate_every_samples = evaluate_every};
}

std::vector<std::uint64_t> samples_of_intervals(CentralizedTraining& training)
{
    std::vector<std::uint64_t> samples;
    while (!training.finished()) samples.push_back(training.run_interval(always).value().work.samples);
    return samples;
}

}  // namespace

TEST_CASE("An interval ends at the first step past its samples, the last one with the training")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(2, 5), 1};
    // Steps of 4, 4, 2, 4, 4, 2 samples; multiples of 5 are passed at 8, 10, 18 and 20.
    CHECK(samples_of_intervals(training) == std::vector<std::uint64_t>{8, 2, 8, 2});
    CHECK(training.samples_seen() == 20);
}

TEST_CASE("Intervals shorter than a batch are a step each")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(1, 1), 1};
    CHECK(samples_of_intervals(training) == std::vector<std::uint64_t>{4, 4, 2});
}

TEST_CASE("An interval reports its own work and loss")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(2, 10), 1};
    (void)training.run_interval(always);
    const auto second = training.run_interval(always).value();
    CHECK(second.work == training_work(one_pixel_model(), {}, 10, 3));
    CHECK(second.mean_loss == Approx((4 + 5 + 6) / 3.0));
    CHECK(training.finished());
}

TEST_CASE("Each epoch has all samples, in an order of its own")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(2, 10), 1};
    (void)samples_of_intervals(training);
    // Worked out by an independent program: Fisher-Yates over xoshiro256** of (seed 1, purpose 4, epoch, node 0).
    CHECK(replica.batches == std::vector<std::vector<std::int64_t>>{
                                 {3, 7, 0, 8}, {1, 5, 9, 4}, {6, 2}, {3, 0, 8, 1}, {4, 2, 9, 5}, {7, 6}});
}

TEST_CASE("The learning rate falls with each step, and the training ends where it is zero")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(5, 10, 2), 1};
    (void)samples_of_intervals(training);
    // 0.5 x (1 - n / 20) before the steps at n = 0, 4, 8, 10, 14, 18.
    const std::vector<double> expected{0.5, 0.4, 0.3, 0.25, 0.15, 0.05};
    REQUIRE(replica.rates.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(replica.rates[i] == Approx(expected[i]));
    CHECK(training.samples_seen() == 20);
}

TEST_CASE("The last epoch ends the training, however far the learning rate still is from zero")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(1, 10, 2), 1};
    CHECK(samples_of_intervals(training) == std::vector<std::uint64_t>{10});
}

TEST_CASE("A centralized training that isn't allowed a further step ends")
{
    RecordingReplica replica;
    CentralizedTraining training{replica, one_pixel_model(), {ten, ten}, all_ten, {}, rule(1, 10), 1};
    int allowed = 2;
    CHECK_FALSE(training.run_interval([&] { return allowed-- > 0; }));
    CHECK(training.samples_seen() == 8);
}

TEST_CASE("A training that goes on from any evaluation sees the same batches at the same rates")
{
    RecordingReplica whole;
    CentralizedTraining training{whole, one_pixel_model(), {ten, ten}, all_ten, {}, rule(3, 5, 3), 1};
    std::vector<std::uint64_t> ends;
    while (!training.finished()) {
        static_cast<void>(training.run_interval(always));
        ends.push_back(training.samples_seen());
    }
    REQUIRE(ends.size() == 6);
    for (const auto seen : ends) {
        INFO(seen);
        RecordingReplica rest;
        CentralizedTraining resumed{rest, one_pixel_model(), {ten, ten}, all_ten, {}, rule(3, 5, 3), 1, seen};
        while (!resumed.finished()) static_cast<void>(resumed.run_interval(always));
        const auto missing = static_cast<std::ptrdiff_t>(whole.batches.size() - rest.batches.size());
        CHECK(rest.batches == std::vector(whole.batches.begin() + missing, whole.batches.end()));
        CHECK(rest.rates == std::vector(whole.rates.begin() + missing, whole.rates.end()));
    }
}
