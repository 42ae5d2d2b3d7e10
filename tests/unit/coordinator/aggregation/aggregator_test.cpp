#include "coordinator/aggregation/aggregator.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "common/learning/updates/norms.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using fedgram::spec::Aggregation;
using fedgram::spec::AggregationKind;

namespace {

using Updates = std::vector<std::vector<float>>;

const Aggregation mean{};
const Aggregation median{.kind = AggregationKind::median};

Aggregation clipped(double max_norm) { return {.kind = AggregationKind::clipped_mean, .max_norm = max_norm}; }

Aggregation trimmed(double trim) { return {.kind = AggregationKind::trimmed_mean, .trim = trim}; }

/// Of updates from nodes that hold `samples` each.
std::vector<float> aggregate(const Aggregation& aggregation, std::span<const float> global, const Updates& updates,
                             const std::vector<std::uint64_t>& samples)
{
    const auto aggregator = make_aggregator(aggregation, global);
    for (std::size_t i = 0; i < updates.size(); ++i) aggregator->add(updates[i], samples[i]);
    return aggregator->result();
}

std::vector<float> one_parameter(const Aggregation& aggregation, const std::vector<float>& values)
{
    Updates updates;
    for (const float value : values) updates.push_back({value});
    return aggregate(aggregation, std::vector{0.0f}, updates, std::vector<std::uint64_t>(values.size(), 1));
}

Updates random_updates(std::uint64_t seed, std::size_t count, std::size_t parameters)
{
    Stream random{seed, Purpose::initial_parameters};
    Updates updates(count, std::vector<float>(parameters));
    for (auto& update : updates)
        for (auto& value : update) value = static_cast<float>(random.normal() * 1e3 * random.uniform());
    return updates;
}

/// What an aggregation is in float64, by Eigen.
Eigen::RowVectorXd reference(const Aggregation& aggregation, const std::vector<float>& global, const Updates& updates,
                             const std::vector<std::uint64_t>& samples)
{
    using Row = Eigen::Map<const Eigen::RowVectorXf>;
    const auto row = [](const std::vector<float>& values) {
        return Row{values.data(), static_cast<Eigen::Index>(values.size())}.cast<double>();
    };
    const auto count = static_cast<Eigen::Index>(updates.size());
    Eigen::MatrixXd moves(count, static_cast<Eigen::Index>(global.size()));  // a row for each update
    Eigen::VectorXd weights(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        moves.row(i) = row(updates[static_cast<std::size_t>(i)]) - row(global);
        weights[i] = static_cast<double>(samples[static_cast<std::size_t>(i)]);
    }
    if (!aggregation.holds_updates()) {
        if (aggregation.kind == AggregationKind::clipped_mean)
            moves.array().colwise() *= (aggregation.max_norm / moves.rowwise().norm().array()).min(1);
        return row(global) + weights.transpose() * moves / weights.sum();
    }
    for (auto parameter : moves.colwise()) std::sort(parameter.begin(), parameter.end());
    const auto ends = aggregation.kind == AggregationKind::median
                          ? (count - 1) / 2
                          : static_cast<Eigen::Index>(std::ceil(aggregation.trim * static_cast<double>(count)));
    return row(global) + moves.middleRows(ends, count - 2 * ends).colwise().mean();
}

}  // namespace

TEST_CASE("The mean weights each update by its samples", "[coordinator]")
{
    // By hand: (1 * 1 + 3 * 5) / 4 = 4, (1 * -2 + 3 * 2) / 4 = 1.
    CHECK(aggregate(mean, std::vector{0.0f, 0.0f}, {{1, -2}, {5, 2}}, {1, 3}) == std::vector{4.0f, 1.0f});
}

TEST_CASE("A clipped mean scales what is too far from the global model, and weights by samples", "[coordinator]")
{
    // By hand, from (1, 1): (4, 5) is 5 away, and at 2.5 it is (2.5, 3); (1, 3) is 2 away and stays.
    // (3 * 2.5 + 1 * 1) / 4 = 2.125, (3 * 3 + 1 * 3) / 4 = 3.
    CHECK(aggregate(clipped(2.5), std::vector{1.0f, 1.0f}, {{4, 5}, {1, 3}}, {3, 1}) == std::vector{2.125f, 3.0f});
}

TEST_CASE("The median is the middle value, or the mean of the middle two", "[coordinator]")
{
    CHECK(one_parameter(median, {7}) == std::vector{7.0f});
    CHECK(one_parameter(median, {7, 1}) == std::vector{4.0f});
    CHECK(one_parameter(median, {9, -1, 2}) == std::vector{2.0f});
    CHECK(one_parameter(median, {9, -1, 2, 3}) == std::vector{2.5f});
    // Unweighted: a node's samples don't give it a second voice.
    CHECK(aggregate(median, std::vector{0.0f}, {{1}, {2}, {9}}, {1, 1, 1'000'000}) == std::vector{2.0f});
}

TEST_CASE("A trimmed mean leaves out its share at each end, rounded up, but never all", "[coordinator]")
{
    // By hand: a fifth of five is one at each end: (2 + 3 + 7) / 3 = 4.
    CHECK(one_parameter(trimmed(0.2), {7, 1000, 3, -500, 2}) == std::vector{4.0f});
    // A tenth of three, rounded up, is one.
    CHECK(one_parameter(trimmed(0.1), {5, 1e9f, -1e9f}) == std::vector{5.0f});
    // Nothing would be left of two, nor of four: then both middle ones stay.
    CHECK(one_parameter(trimmed(0.1), {1, 4}) == std::vector{2.5f});
    CHECK(one_parameter(trimmed(0.4), {-9, 1, 4, 100}) == std::vector{2.5f});
}

TEST_CASE("A trimmed mean that trims nothing is the unweighted mean, bit for bit", "[coordinator]")
{
    const auto updates = random_updates(5, 7, 300);
    const std::vector<std::uint64_t> equal(updates.size(), 1);
    CHECK(aggregate(trimmed(0), updates[0], updates, equal) == aggregate(mean, updates[0], updates, equal));
}

TEST_CASE("A clipped mean whose limit no update reaches is the mean, bit for bit", "[coordinator]")
{
    const auto updates = random_updates(6, 7, 300);
    const std::vector<std::uint64_t> samples{3, 1, 4, 1, 5, 9, 2};
    CHECK(aggregate(clipped(1e9), updates[0], updates, samples) == aggregate(mean, updates[0], updates, samples));
}

TEST_CASE("One outlier moves median and trimmed mean no further than the others reach", "[coordinator]")
{
    auto updates = random_updates(7, 10, 200);
    const auto honest = updates;
    updates[4].assign(updates[4].size(), 1e9f);
    const std::vector<std::uint64_t> samples(updates.size(), 1);
    for (const auto& aggregation : {median, trimmed(0.1)}) {
        const auto result = aggregate(aggregation, updates[0], updates, samples);
        for (std::size_t i = 0; i < result.size(); ++i) {
            float low = honest[0][i];
            float high = honest[0][i];
            for (std::size_t j = 0; j < honest.size(); ++j)
                if (j != 4) {
                    low = std::min(low, honest[j][i]);
                    high = std::max(high, honest[j][i]);
                }
            REQUIRE(result[i] >= low);
            REQUIRE(result[i] <= high);
        }
    }
    CHECK(aggregate(mean, updates[0], updates, samples)[0] > 9e7f);
}

TEST_CASE("One outlier moves a clipped mean by its weight times the limit", "[coordinator]")
{
    const std::vector<float> global(50, 0.25f);
    Updates updates(4, global);
    updates[2].assign(global.size(), -1e6f);
    const auto result = aggregate(clipped(3), global, updates, {1, 1, 2, 4});
    CHECK(learning::l2_distance(result, global) == Approx(2.0 / 8 * 3).epsilon(1e-6));
}

TEST_CASE("No aggregation depends on the order of arrival", "[coordinator]")
{
    auto updates = random_updates(8, 12, 257);
    // Ties, and zeros of either sign, in the middle and at the ends.
    for (std::size_t i = 0; i < updates.size(); ++i) {
        updates[i][0] = i % 2 == 0 ? 0.0f : -0.0f;
        updates[i][1] = i < 4 ? -1.0f : (i % 2 == 0 ? 0.0f : -0.0f);
        updates[i][2] = static_cast<float>(i / 4);
    }
    const std::vector<float> global(257, 0.5f);
    Stream random{9, Purpose::initial_parameters};
    for (const auto& aggregation : {mean, clipped(5e3), median, trimmed(0.2)}) {
        std::vector<std::size_t> order(updates.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<float> first;
        for (int trial = 0; trial < 30; ++trial) {
            const auto aggregator = make_aggregator(aggregation, global);
            for (const auto i : order) aggregator->add(updates[i], 100 + i);
            const auto result = aggregator->result();
            if (trial == 0) first = result;
            const auto same_bits = [](float a, float b) { return a == b && std::signbit(a) == std::signbit(b); };
            REQUIRE(std::equal(result.begin(), result.end(), first.begin(), first.end(), same_bits));
            random.shuffle(std::span{order});
        }
    }
}

TEST_CASE("Each aggregation agrees with one in double precision", "[coordinator]")
{
    const std::size_t count = GENERATE(1, 2, 5, 10, 11);
    const auto updates = random_updates(10 + count, count, 100);
    const std::vector<float> global(100, -3.0f);
    std::vector<std::uint64_t> samples(count);
    std::iota(samples.begin(), samples.end(), std::uint64_t{500});
    for (const auto& aggregation : {mean, clipped(4e3), median, trimmed(0), trimmed(count < 5 ? 0 : 0.2)}) {
        const auto result = aggregate(aggregation, global, updates, samples);
        const auto expected = reference(aggregation, global, updates, samples);
        for (std::size_t i = 0; i < result.size(); ++i)
            REQUIRE(result[i] == Approx(expected[static_cast<Eigen::Index>(i)]).epsilon(1e-6).margin(1e-4));
    }
}

TEST_CASE("The work of an aggregation is what its kind computes", "[coordinator]")
{
    const std::vector<float> global(1000, 0.0f);
    const auto work = [&](const Aggregation& aggregation) {
        const auto aggregator = make_aggregator(aggregation, global);
        for (const float value : {0.0f, 0.01f, 1.0f, -1.0f, 2.0f})
            aggregator->add(std::vector<float>(global.size(), value), 7);
        return aggregator->work();
    };
    // By hand, for 5 updates of 1000 parameters. The mean: 2 FLOPs and 4 + 2 x 16 bytes for each of 5000.
    CHECK(work(mean) == energy::Work{.steps = 5, .flops = 10'000, .memory_bytes = 180'000, .kernels = 5});
    // And 3 FLOPs and 8 bytes for the norm, of which 0, 0.3, 32, 32 and 63 are three above 1: 3 FLOPs, 12 bytes each.
    // A pass for each update, its norm and its clipping.
    CHECK(work(clipped(1)) == energy::Work{.steps = 5, .flops = 34'000, .memory_bytes = 256'000, .kernels = 13});
    // Sorting: 5 x 3 comparisons; each value is written and read, the result written. Two FLOPs only for an even count.
    CHECK(work(median) == energy::Work{.steps = 5, .flops = 15'000, .memory_bytes = 44'000, .kernels = 5});
    // One cut at each end: two additions and a division of three values.
    CHECK(work(trimmed(0.2)) == energy::Work{.steps = 5, .flops = 18'000, .memory_bytes = 44'000, .kernels = 5});
}
