#include "common/learning/training/training.hpp"

#include <numeric>
#include <utility>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/training/recording_replica.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// Samples of one pixel whose label is their index, so that a batch tells who is in it.
struct Numbered {
    explicit Numbered(std::size_t count) : pixels(count), labels(count)
    {
        std::iota(labels.begin(), labels.end(), std::uint8_t{0});
        std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
    }
    [[nodiscard]] Samples samples() const { return {pixels, labels}; }

    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
};

Model one_pixel_model()
{
    return build_model({.name = "pixel", .layers = {spec::Flatten{}, spec::Linear{2}}, .torchscript = {}},
                       {1, 1, 1, 2});
}

const std::vector<std::uint32_t> ten{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
const auto always = [] { return true; };

}  // namespace

TEST_CASE("Local epochs are reshuffled, and the last batch of each may be smaller")
{
    RecordingReplica replica;
    const Numbered data{10};
    const auto trained = train_locally(replica, one_pixel_model(), data.samples(), ten, {}, 2, 4, {},
                                       {.seed = 1, .round = 1, .node = 0}, always);
    REQUIRE(trained);
    const auto& result = *trained;
    // Orders worked out by an independent program: Fisher-Yates over xoshiro256** of (seed 1, purpose 4, round 1,
    // node 0), the second epoch going on where the first ended.
    CHECK(replica.batches == std::vector<std::vector<std::int64_t>>{
                                 {3, 7, 0, 8}, {1, 5, 9, 4}, {6, 2}, {9, 7, 2, 5}, {6, 4, 0, 3}, {8, 1}});
    CHECK(result.mean_loss == Approx((1 + 2 + 3 + 4 + 5 + 6) / 6.0));
    CHECK(result.work.samples == 20);
    CHECK(result.work.steps == 6);
}

TEST_CASE("A training of fewer steps does the first of them, whole epochs or not")
{
    const Numbered data{10};
    const auto trained = [&](std::uint64_t most_steps) {
        RecordingReplica replica;
        const auto result =
            train_locally(replica, one_pixel_model(), data.samples(), ten, {}, 2, 4, {},
                          {.seed = 1, .round = 1, .node = 0}, always, spec::LastBatch::keep, most_steps);
        REQUIRE(result);
        return std::pair{replica.batches, result->work};
    };
    const auto [batches, work] = trained(4);
    CHECK(batches == std::vector<std::vector<std::int64_t>>{{3, 7, 0, 8}, {1, 5, 9, 4}, {6, 2}, {9, 7, 2, 5}});
    CHECK(work.samples == 14);
    CHECK(work.steps == 4);
    CHECK(trained(3).second.samples == 10);
    CHECK(trained(6) == trained(0));
    CHECK(trained(7) == trained(0));
}

TEST_CASE("Round and node change the order, other nodes' samples are left alone")
{
    const Numbered data{10};
    const std::vector<std::uint32_t> share{8, 3, 5};
    const auto order_of = [&](TrainingKey key) {
        RecordingReplica replica;
        (void)train_locally(replica, one_pixel_model(), data.samples(), share, {}, 20, 1, {}, key, always);
        return replica.batches;
    };
    const auto order = order_of({1, 1, 0});
    CHECK(order == order_of({1, 1, 0}));
    CHECK(order != order_of({1, 2, 0}));
    CHECK(order != order_of({1, 1, 1}));
    CHECK(order != order_of({2, 1, 0}));
    std::vector<std::int64_t> first_epoch;
    for (std::size_t i = 0; i < 3; ++i) first_epoch.push_back(order[i][0]);
    CHECK_THAT(first_epoch, Catch::UnorderedEquals(std::vector<std::int64_t>{3, 5, 8}));
}

TEST_CASE("Pixels are scaled to one, then standardised")
{
    RecordingReplica replica;
    const std::vector<std::uint8_t> pixels{255};
    const std::vector<std::uint8_t> labels{0};
    const std::vector<std::uint32_t> only{0};
    (void)train_locally(replica, one_pixel_model(), {pixels, labels}, only,
                        {.mean = {0.5}, .standard_deviation = {0.25}}, 1, 1, {}, {}, always);
    // (255 / 255 - 0.5) / 0.25 = 2.
    CHECK(replica.pixels == std::vector<float>{2});
}

TEST_CASE("A training that isn't allowed a further step ends")
{
    RecordingReplica replica;
    const Numbered data{10};
    int allowed = 2;
    CHECK_FALSE(train_locally(replica, one_pixel_model(), data.samples(), ten, {}, 1, 4, {}, {},
                              [&] { return allowed-- > 0; }));
    CHECK(replica.batches.size() == 2);
}

TEST_CASE("The work of a training is its samples' and its steps'")
{
    // 1 pixel to 2 logits: 4 parameters. Forward 2 x 2 = 4 FLOPs and 3 floats; backward, of the only layer, 4 FLOPs and
    // 3 floats. SGD: 3 + 3 passes over 4 parameters a step.
    const auto work = training_work(one_pixel_model(), {}, 10, 3);
    CHECK(work.samples == 10);
    CHECK(work.steps == 3);
    CHECK(work.flops == 10 * 8);
    CHECK(work.memory_bytes == 10 * 4 * 6 + 3 * 6 * 16);
    CHECK(work.bytes_down == 0);
    CHECK(work.bytes_up == 0);
}

TEST_CASE("An evaluation doesn't depend on how many replicas share it")
{
    std::vector<std::uint8_t> pixels(1'234);
    std::vector<std::uint8_t> labels(1'234);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels[i] = static_cast<std::uint8_t>(i * 37 % 256);
        labels[i] = i % 2;
    }
    const auto evaluation_by = [&](std::size_t count) {
        std::vector<std::unique_ptr<Replica>> replicas;
        for (std::size_t i = 0; i < count; ++i) replicas.push_back(std::make_unique<RecordingReplica>());
        return evaluate(replicas, one_pixel_model(), {pixels, labels}, {});
    };
    const auto one = evaluation_by(1);
    for (const std::size_t count : {2, 3, 5}) {
        const auto several = evaluation_by(count);
        CHECK(several.accuracy == one.accuracy);
        CHECK(several.mean_loss == one.mean_loss);
        CHECK(several.work == one.work);
    }
}

TEST_CASE("An evaluation covers all samples in chunks of 500")
{
    // Pixels 0 and 255 in turn, all of class 1: half are right, and the mean loss is 0.5.
    std::vector<std::uint8_t> pixels(1'100);
    for (std::size_t i = 1; i < pixels.size(); i += 2) pixels[i] = 255;
    const std::vector<std::uint8_t> labels(1'100, 1);
    std::vector<std::unique_ptr<Replica>> replicas;
    replicas.push_back(std::make_unique<RecordingReplica>());
    const auto result = evaluate(replicas, one_pixel_model(), {pixels, labels}, {});
    CHECK(static_cast<RecordingReplica&>(*replicas[0]).evaluated == std::vector<std::size_t>{500, 500, 100});
    CHECK(result.accuracy == 0.5);
    CHECK(result.mean_loss == Approx(0.5));
    // Forward alone: 4 FLOPs and 3 floats a sample, the 4 parameters once a chunk.
    CHECK(result.work.samples == 1'100);
    CHECK(result.work.steps == 3);
    CHECK(result.work.flops == 1'100 * 4);
    CHECK(result.work.memory_bytes == 1'100 * 12 + 3 * 16);
}

TEST_CASE("A failure in one replica's thread reaches the caller")
{
    struct Broken final : Replica {
        void begin(std::span<const float>, std::uint64_t, const GradientCorrection&) override {}
        double step(const Batch&, double) override { return 0; }
        Score evaluate(const Batch&) override { throw DataError{"broken"}; }
        void read(std::span<float>) const override {}
        [[nodiscard]] std::vector<std::byte> state() const override { return {}; }
        void restore(std::span<const std::byte>) override {}
    };
    std::vector<std::unique_ptr<Replica>> replicas;
    replicas.push_back(std::make_unique<RecordingReplica>());
    replicas.push_back(std::make_unique<Broken>());
    const std::vector<std::uint8_t> thousand(1'000);
    CHECK_THROWS_AS(evaluate(replicas, one_pixel_model(), {thousand, thousand}, {}), DataError);
}
