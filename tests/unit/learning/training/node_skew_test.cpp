#include "common/learning/training/node_skew.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "common/error/error.hpp"
#include "common/learning/training/node_evaluation.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "tests/unit/learning/training/recording_replica.hpp"

using namespace fedgram;
using learning::NodeSkew;
using spec::FeatureSkewKind;

namespace {

using Features = std::vector<float>;

Features turned(std::uint32_t node, std::uint32_t turns, Features features, const learning::Shape& shape)
{
    NodeSkew{{.kind = FeatureSkewKind::rotation, .turns = turns}, shape, 1, node, 8}.apply(0, features.data());
    return features;
}

}  // namespace

TEST_CASE("Nodes' images are turned counter-clockwise, by quarters or halves, each channel by itself", "[learning]")
{
    // 1 2 3      3 6 9      9 8 7      7 4 1
    // 4 5 6  ->  2 5 8  ->  6 5 4  ->  8 5 2
    // 7 8 9      1 4 7      3 2 1      9 6 3
    const learning::Shape one{1, 3, 3, 10};
    const Features image{1, 2, 3, 4, 5, 6, 7, 8, 9};
    CHECK(turned(0, 4, image, one) == image);
    CHECK(turned(1, 4, image, one) == Features{3, 6, 9, 2, 5, 8, 1, 4, 7});
    CHECK(turned(2, 4, image, one) == Features{9, 8, 7, 6, 5, 4, 3, 2, 1});
    CHECK(turned(7, 4, image, one) == Features{7, 4, 1, 8, 5, 2, 9, 6, 3});
    CHECK(turned(4, 4, image, one) == image);
    CHECK(turned(1, 2, image, one) == Features{9, 8, 7, 6, 5, 4, 3, 2, 1});
    CHECK(turned(1, 4, {1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2, 10}) == Features{2, 4, 1, 3, 6, 8, 5, 7});
    // Half a turn needs no square.
    CHECK(turned(1, 2, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 10}) == Features{6, 5, 4, 3, 2, 1});
    CHECK_THROWS_WITH(
        turned(1, 4, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 10}),
        "federated.feature_skew.turns: a quarter turn needs as many rows as columns, and the samples have 2 "
        "and 3; use 2");
}

TEST_CASE("Noise grows from none at the first node to its whole deviation at the last", "[learning]")
{
    const spec::FeatureSkew rule{.kind = FeatureSkewKind::noise, .deviation = 0.5};
    const learning::Shape shape{1, 100, 100, 10};
    const auto deviation_at = [&](std::uint32_t node) {
        Features noise(10'000, 3.0F);
        NodeSkew{rule, shape, 1, node, 5}.apply(0, noise.data());
        double sum = 0, squares = 0;
        for (const double value : noise) {
            sum += value - 3;
            squares += (value - 3) * (value - 3);
        }
        CHECK(sum / 10'000 == Approx(0).margin(0.02));  // four standard errors at the last node
        return std::sqrt(squares / 10'000);
    };
    CHECK(deviation_at(0) == 0);
    CHECK(deviation_at(2) == Approx(0.25).epsilon(0.03));
    CHECK(deviation_at(4) == Approx(0.5).epsilon(0.03));
}

TEST_CASE("A sample has the same noise at a node each time, and another at another node, sample or seed", "[learning]")
{
    const spec::FeatureSkew rule{.kind = FeatureSkewKind::noise, .deviation = 1};
    const auto noise = [&](std::uint64_t seed, std::uint32_t node, std::uint32_t sample) {
        Features values(4);
        NodeSkew{rule, {1, 2, 2, 10}, seed, node, 3}.apply(sample, values.data());
        return values;
    };
    CHECK(noise(1, 1, 0) == noise(1, 1, 0));
    CHECK(noise(1, 1, 0) != noise(1, 2, 0));
    CHECK(noise(1, 1, 0) != noise(1, 1, 1));
    CHECK(noise(1, 1, 0) != noise(2, 1, 0));
    Features alone(4);
    NodeSkew{rule, {1, 2, 2, 10}, 1, 0, 1}.apply(0, alone.data());
    CHECK(alone == Features(4));
}

TEST_CASE("Each node is scored on its own samples, by any number of replicas", "[learning]")
{
    // A pixel above 0.5 is called class 1. Node 0: right, wrong; node 1: none; node 2: right.
    const Features values{0.9F, 0.1F, 0.2F};
    const std::vector<std::uint8_t> labels{1, 1, 0};
    learning::Model model;
    model.shape = {1, 1, 1, 2};
    model.cost.forward_flops = 7;
    const auto sets = [](std::uint32_t node) {
        const std::vector<std::vector<std::uint32_t>> samples{{0, 1}, {}, {2}};
        return learning::NodeTestSet{samples[node]};
    };
    for (const int replicas : {1, 2}) {
        std::vector<std::unique_ptr<learning::Replica>> several;
        for (int i = 0; i < replicas; ++i) several.push_back(std::make_unique<learning::RecordingReplica>());
        const auto scores = learning::evaluate_nodes(several, model, {{}, labels, values}, {}, 3, sets);
        CHECK(scores.samples == std::vector<std::uint32_t>{2, 0, 1});
        CHECK(scores.correct == std::vector<std::uint32_t>{1, 0, 1});
        CHECK(scores.work.samples == 3);
        CHECK(scores.work.steps == 2);
        CHECK(scores.work.flops == 21);
    }
}

TEST_CASE("A batch of a skewed node has its samples skewed by their place in the training set", "[learning]")
{
    const Features values{1, 2, 3, 4, 5, 6, 7, 8};
    const std::vector<std::uint8_t> labels{0, 1};
    const NodeSkew skew{{.kind = FeatureSkewKind::rotation, .turns = 4}, {1, 2, 2, 10}, 1, 1, 4};
    learning::StoredBatch stored{{{}, labels, values, &skew}, 4, {}};
    const std::vector<std::uint32_t> second{1};
    Features image(4);
    stored.of(second).write_image(0, image.data());
    CHECK(image == Features{6, 8, 5, 7});
}
