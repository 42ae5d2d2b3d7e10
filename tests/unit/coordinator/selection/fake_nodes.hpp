#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

struct FakeNode {
    std::uint64_t samples = 1;
    double joules = 3.6e6;  ///< 1 kWh, so that grams are the intensity's number
    double seconds = 1;
    std::uint32_t place = 0;
};

/// Nodes as a test states them. A place's grid is known for as many hours as it has values.
class FakeNodes final : public NodeFacts {
public:
    using Grid = std::vector<std::vector<double>>;

    explicit FakeNodes(std::vector<FakeNode> nodes, Grid grid = {{}}) : nodes_{std::move(nodes)}, grid_{std::move(grid)}
    {
    }

    [[nodiscard]] std::uint32_t nodes() const override { return static_cast<std::uint32_t>(nodes_.size()); }
    [[nodiscard]] std::uint64_t samples(std::uint32_t node) const override { return nodes_[node].samples; }
    [[nodiscard]] Joules joules(std::uint32_t node) const override { return Joules{nodes_[node].joules}; }
    [[nodiscard]] Seconds seconds(std::uint32_t node) const override { return Seconds{nodes_[node].seconds}; }
    [[nodiscard]] std::uint32_t places() const override { return static_cast<std::uint32_t>(grid_.size()); }
    [[nodiscard]] std::uint32_t place(std::uint32_t node) const override { return nodes_[node].place; }
    [[nodiscard]] std::optional<GramsPerKilowattHour> intensity(std::uint32_t place, Seconds at) const override
    {
        const auto hour = static_cast<std::size_t>(at.count() / 3600);
        if (hour >= grid_[place].size()) return std::nullopt;
        return GramsPerKilowattHour{grid_[place][hour]};
    }

private:
    std::vector<FakeNode> nodes_;
    Grid grid_;
};

inline FakeNodes nodes_with_samples(const std::vector<std::uint64_t>& samples)
{
    std::vector<FakeNode> nodes;
    for (const auto count : samples) nodes.push_back({.samples = count});
    return FakeNodes{nodes};
}

/// 0 to below `nodes`.
inline std::vector<std::uint32_t> all_of(std::uint32_t nodes)
{
    std::vector<std::uint32_t> ids(nodes);
    std::iota(ids.begin(), ids.end(), 0u);
    return ids;
}

inline std::vector<std::uint32_t> cohort_of(const Decision& decision)
{
    REQUIRE(std::holds_alternative<Cohort>(decision));
    return std::get<Cohort>(decision).nodes;
}

/// An update of each of these nodes, with the same loss.
inline RoundOutcome delivered(std::uint32_t round, const std::vector<std::uint32_t>& nodes, double mean_loss = 1,
                              double seconds = 1)
{
    RoundOutcome outcome{.round = round};
    for (const auto node : nodes) outcome.nodes.push_back({node, Delivery{mean_loss, Seconds{seconds}}});
    return outcome;
}

inline constexpr std::uint32_t draws = 100'000;

/// How often each of `nodes` is among what `draw` gives for 1 to `draws`.
inline std::vector<double> times_drawn(std::uint32_t nodes,
                                       const std::function<std::vector<std::uint32_t>(std::uint32_t)>& draw)
{
    std::vector<double> times(nodes);
    for (std::uint32_t i = 1; i <= draws; ++i)
        for (const auto node : draw(i)) ++times[node];
    return times;
}

/// Four standard deviations of a binomial count on either side; never and always are exact.
inline void check_frequencies(const std::vector<double>& times, const std::vector<double>& probabilities)
{
    REQUIRE(times.size() == probabilities.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double p = probabilities[i];
        CAPTURE(i, times[i], p);
        CHECK(std::abs(times[i] - draws * p) <= 4 * std::sqrt(draws * p * (1 - p)));
    }
}

/// The probability of each node to be among two that are drawn one after the other by weight, without replacement:
/// p_i + sum over j of p_j p_i / (1 - p_j).
inline std::vector<double> among_two(const std::vector<double>& weights)
{
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<double> probabilities;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        double p = weights[i] / total;
        for (std::size_t j = 0; j < weights.size(); ++j)
            if (j != i) p += weights[j] / total * weights[i] / (total - weights[j]);
        probabilities.push_back(p);
    }
    return probabilities;
}

}  // namespace fedgram::coordinator
