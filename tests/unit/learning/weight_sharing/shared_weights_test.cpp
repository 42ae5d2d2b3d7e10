#include "common/learning/weight_sharing/shared_weights.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// Figure 3 of Han et al. 2016 (arXiv:1510.00149): the weights, and their gradients.
const std::vector<float> paper_weights{2.09f,  -0.98f, 1.48f, 0.09f,  0.05f, -0.14f, -1.08f, 2.12f,
                                       -0.91f, 1.92f,  0.0f,  -1.03f, 1.87f, 0.0f,   1.53f,  1.49f};
const std::vector<float> paper_gradients{-0.03f, -0.01f, 0.03f, 0.02f, -0.01f, 0.01f,  -0.02f, 0.12f,
                                         -0.01f, 0.02f,  0.04f, 0.01f, -0.07f, -0.02f, 0.01f,  -0.02f};

/// Normal weights of which `kept` are left.
std::vector<float> random_weights(std::size_t count, double kept, std::uint64_t seed)
{
    Stream random{seed, Purpose::probe};
    std::vector<float> weights(count);
    for (auto& weight : weights) {
        const auto value = static_cast<float>(0.05 * random.normal());
        weight = random.uniform() < kept ? value : 0.0f;
    }
    return weights;
}

double squared_error(const std::vector<float>& weights, const SharedWeights& shared)
{
    const auto expanded = expand(shared);
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += std::pow(double{weights[i]} - expanded[i], 2);
    return sum;
}

/// How far a centroid lies from a weight.
double distance(float centroid, float weight) { return std::abs(double{centroid} - weight); }

}  // namespace

TEST_CASE("k-means gives the weights of the paper's figure the means of three groups", "[weight_sharing]")
{
    // By hand: from -1.08, .52 and 2.12 the borders are -.28 and 1.32. The groups' means are -4 / 4, 0 / 3 and 12.5 /
    // 7, with which no weight moves.
    const auto shared = share_weights(paper_weights, 2);
    CHECK(shared.codes == std::vector<std::uint8_t>{3, 1, 3, 2, 2, 2, 1, 3, 1, 3, 0, 1, 3, 0, 3, 3});
    REQUIRE(shared.centroids.size() == 3);
    CHECK(shared.centroids[0] == Approx(-1));
    CHECK(shared.centroids[1] == Approx(0).margin(1e-8));
    CHECK(shared.centroids[2] == Approx(12.5 / 7));
}

TEST_CASE("a centroid's gradient is the sum of its weights', and what is pruned has none", "[weight_sharing]")
{
    // The figure's sums, but for the group about 0: its two weights that are 0 have code 0 here, and their .04 and -.02
    // count nowhere.
    const SharedWeights shared{.codes = {4, 1, 3, 2, 2, 2, 1, 4, 1, 4, 0, 1, 4, 0, 3, 3},
                               .centroids = {-1.0f, 0.0f, 1.5f, 2.0f}};
    const auto gradients = centroid_gradients(shared, paper_gradients);
    REQUIRE(gradients.size() == 4);
    CHECK(gradients[0] == Approx(-.03));
    CHECK(gradients[1] == Approx(.02));
    CHECK(gradients[2] == Approx(.02));
    CHECK(gradients[3] == Approx(.04));
}

TEST_CASE("gradients are added up in double", "[weight_sharing]")
{
    const SharedWeights shared{.codes = {1, 1, 1}, .centroids = {1.0f}};
    // In float32 the 1 is lost beside 2^25.
    CHECK(centroid_gradients(shared, std::vector{33'554'432.0f, 1.0f, -33'554'432.0f}) == std::vector{1.0f});
}

TEST_CASE("a centroid's gradient is the loss's change as it moves", "[weight_sharing]")
{
    // The loss is the sum of w^2 / 2 over the weights, whose gradients are the weights themselves. Moving a centroid
    // by h changes it by n (c h + h^2 / 2).
    auto shared = share_weights(random_weights(500, .3, 1), 3);
    const auto weights = expand(shared);
    const auto gradients = centroid_gradients(shared, weights);
    const auto loss = [](const std::vector<float>& all) {
        double sum = 0;
        for (const auto weight : all) sum += double{weight} * weight / 2;
        return sum;
    };
    for (std::size_t c = 0; c < gradients.size(); ++c) {
        const float step = 0x1p-10f;
        auto above = shared;
        auto below = shared;
        above.centroids[c] += step;
        below.centroids[c] -= step;
        CHECK((loss(expand(above)) - loss(expand(below))) / (2 * step) == Approx(gradients[c]).margin(1e-4));
    }
}

TEST_CASE("what is pruned stays 0 whatever its centroids are trained to", "[weight_sharing]")
{
    const auto weights = random_weights(1000, .2, 2);
    auto shared = share_weights(weights, 4);
    for (auto& centroid : shared.centroids) centroid += 7;
    const auto expanded = expand(shared);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        CHECK((weights[i] == 0) == (shared.codes[i] == 0));
        CHECK((weights[i] == 0) == (expanded[i] == 0));
    }
}

TEST_CASE("each weight is at its nearest centroid, and each centroid the mean of its weights", "[weight_sharing]")
{
    const auto bits = GENERATE(1U, 2U, 5U, 8U);
    const auto first = GENERATE(FirstCentroids::linear, FirstCentroids::density);
    const auto weights = random_weights(4000, .6, bits);
    const auto shared = share_weights(weights, bits, first);
    REQUIRE(shared.centroids.size() < std::size_t{1} << bits);
    REQUIRE(std::ranges::is_sorted(shared.centroids));
    std::vector<double> sums(shared.centroids.size());
    std::vector<double> counts(shared.centroids.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == 0) continue;
        REQUIRE(shared.codes[i] > 0);
        const auto own = shared.codes[i] - 1U;
        sums[own] += weights[i];
        counts[own] += 1;
        for (const auto other : shared.centroids)
            REQUIRE(distance(shared.centroids[own], weights[i]) <= distance(other, weights[i]) + 1e-8);
    }
    for (std::size_t c = 0; c < sums.size(); ++c) {
        REQUIRE(counts[c] > 0);
        CHECK(shared.centroids[c] == Approx(sums[c] / counts[c]).margin(1e-9));
    }
}

TEST_CASE("where few weights differ, they are their own centroids", "[weight_sharing]")
{
    const std::vector<float> three{.5f, 0, -2, .5f, 100, -2, 0};
    const auto shared = share_weights(three, 2);
    CHECK(shared.centroids == std::vector{-2.0f, .5f, 100.0f});
    CHECK(shared.codes == std::vector<std::uint8_t>{2, 0, 1, 2, 3, 1, 0});
    CHECK(expand(shared) == three);
    // So sharing again, with as many bits, changes nothing.
    const auto once = share_weights(random_weights(3000, .5, 3), 5);
    CHECK(share_weights(expand(once), 5) == once);
}

TEST_CASE("tensors without a weight, and with none but pruned ones, have no centroids", "[weight_sharing]")
{
    CHECK(share_weights({}, 4) == SharedWeights{});
    const auto pruned = share_weights(std::vector{0.0f, -0.0f, 0.0f}, 4);
    CHECK(pruned.centroids.empty());
    CHECK(expand(pruned) == std::vector<float>(3));
    CHECK(centroid_gradients(pruned, std::vector{1.0f, 2.0f, 3.0f}).empty());
}

TEST_CASE("a centroid that no weight is near is dropped", "[weight_sharing]")
{
    // By hand, with three centroids for four weights: from .9, 4.95 and 9 the borders are 2.925 and 6.975, and no
    // weight is between them.
    const std::vector<float> weights{1.1f, .9f, 1.0f, 9.0f};
    const auto shared = share_weights(weights, 2);
    REQUIRE(shared.centroids.size() == 2);
    CHECK(shared.centroids[0] == Approx(1));
    CHECK(shared.centroids[1] == 9);
    CHECK(shared.codes == std::vector<std::uint8_t>{1, 1, 1, 2});
    // By rank each of the three has some from the beginning: .9, the third weight, and 9.
    CHECK(share_weights(weights, 2, FirstCentroids::density).centroids.size() == 3);
}

TEST_CASE("linear first centroids keep the few large weights, and those by density the many small", "[weight_sharing]")
{
    // 4000 weights about 0, and 10 about 3.
    auto weights = random_weights(4000, 1, 4);
    for (std::size_t i = 0; i < 10; ++i) weights[400 * i] = 3 + .1f * static_cast<float>(i);
    const auto linear = share_weights(weights, 4);
    const auto density = share_weights(weights, 4, FirstCentroids::density);
    CHECK(std::ranges::count_if(linear.centroids, [](float c) { return c > 1; }) >
          std::ranges::count_if(density.centroids, [](float c) { return c > 1; }));
    CHECK(linear.centroids.size() <= 15);
    CHECK(density.centroids.size() == 15);
}

TEST_CASE("more bits make the error smaller, of one bit the mean is left", "[weight_sharing]")
{
    const auto weights = random_weights(5000, .4, 5);
    auto before = std::numeric_limits<double>::infinity();
    for (unsigned bits = 1; bits <= 8; ++bits) {
        const auto error = squared_error(weights, share_weights(weights, bits));
        CHECK(error < before);
        before = error;
    }
    CHECK(share_weights(std::vector{1.0f, 2.0f, 6.0f}, 1).centroids == std::vector{3.0f});
}

TEST_CASE("bits that aren't offered and weights that aren't finite are refused", "[weight_sharing]")
{
    CHECK_THROWS_WITH(share_weights(paper_weights, 0), "weight bits: 0 is not valid; use 1 to 8");
    CHECK_THROWS_AS(share_weights(paper_weights, 9), SpecError);
    CHECK_THROWS_WITH(share_weights(std::vector{1.0f, std::numeric_limits<float>::infinity()}, 4),
                      "weight 1 is inf; weights that share values must be finite");
    CHECK_THROWS_AS(share_weights(std::vector{std::nanf("")}, 4), DataError);
}
