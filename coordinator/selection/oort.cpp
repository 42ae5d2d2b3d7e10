#include "coordinator/selection/oort.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>

#include "coordinator/selection/cohort.hpp"
#include "coordinator/selection/oort_score.hpp"
#include "coordinator/selection/weighted_draw.hpp"

namespace fedgram::coordinator {

namespace {

// The pacer's, from the authors' code.
constexpr double flat = 0.1;
constexpr double sharp = 5;
constexpr double no_limit = 100;

/// `share` of `count`, rounded down; 0.9 of 10 is 9, whatever binary numbers make of it.
std::size_t part(double share, std::size_t count)
{
    constexpr double binary_noise = 1e-9;
    return static_cast<std::size_t>(share * static_cast<double>(count) + binary_noise);
}

std::vector<std::uint32_t> sorted_union(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b)
{
    std::vector<std::uint32_t> both;
    both.reserve(a.size() + b.size());
    std::ranges::set_union(a, b, std::back_inserter(both));
    return both;
}

}  // namespace

Oort::Oort(const spec::OortConstants& constants, std::uint64_t seed, const NodeFacts& nodes)
    : constants_{constants},
      seed_{seed},
      nodes_{nodes},
      utility_(nodes.nodes()),
      seconds_(nodes.nodes()),
      last_round_(nodes.nodes()),
      unexplored_{nodes.nodes()},
      explore_{constants.explore},
      percentile_{constants.start_percentile}
{
    for (std::uint32_t node = 0; node < nodes.nodes(); ++node) {
        utility_[node] = static_cast<float>(nodes.samples(node));
        seconds_[node] = static_cast<float>(nodes.seconds(node).count());
    }
}

double Oort::explore_share() const
{
    return unexplored_ == 0 ? 0 : std::max(explore_ * constants_.explore_decay, constants_.explore_min);
}

Seconds Oort::preferred() const
{
    if (percentile_ >= no_limit) return Seconds{std::numeric_limits<double>::infinity()};
    auto seconds = seconds_;
    const auto place = seconds.begin() + static_cast<std::ptrdiff_t>(
                                             std::min(part(percentile_ / 100, seconds.size()), seconds.size() - 1));
    std::nth_element(seconds.begin(), place, seconds.end());
    return Seconds{*place};
}

Decision Oort::select(const Moment& moment) const
{
    const auto slowest = preferred();
    auto cohort = exploit(moment, slowest);
    cohort = sorted_union(cohort, explore(moment, slowest, moment.cohort_size - cohort.size()));
    if (cohort.size() < moment.cohort_size) {
        std::vector<std::uint32_t> rest;
        std::ranges::set_difference(moment.available, cohort, std::back_inserter(rest));
        cohort = sorted_union(cohort, draw_cohort(seed_, moment.round, rest, moment.cohort_size - cohort.size()));
    }
    return Cohort{std::move(cohort)};
}

std::vector<std::uint32_t> Oort::exploit(const Moment& moment, Seconds preferred) const
{
    std::vector<float> utilities;
    utilities.reserve(moment.available.size());
    for (const auto node : moment.available) utilities.push_back(utility_[node]);
    const UtilityScale scale{std::move(utilities), constants_.clip_quantile};
    std::vector<WeightedNode> scored;
    for (const auto node : moment.available) {
        if (!is_explored(node)) continue;
        const double score = (scale(utility_[node]) + oort_staleness(moment.round, last_round_[node])) *
                             oort_speed_factor(Seconds{seconds_[node]}, preferred, constants_.round_penalty);
        scored.push_back({node, std::max(score, 0.0)});
    }
    const auto count = std::min(part(1 - explore_share(), moment.cohort_size), scored.size());
    if (count == 0) return {};
    // Those of at least the cut-off, which is taken from the first score that isn't among the `count` highest.
    auto ranked = scored;
    const auto border = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(count, ranked.size() - 1));
    std::nth_element(ranked.begin(), border, ranked.end(),
                     [](const auto& a, const auto& b) { return a.weight > b.weight; });
    const double least = border->weight * constants_.cut_off;
    std::erase_if(scored, [least](const auto& node) { return node.weight < least; });
    return draw_weighted(seed_, moment.round, scored, count);
}

std::vector<std::uint32_t> Oort::explore(const Moment& moment, Seconds preferred, std::size_t count) const
{
    if (unexplored_ == 0 || count == 0) return {};
    std::vector<WeightedNode> unexplored;
    for (const auto node : moment.available)
        if (!is_explored(node))
            unexplored.push_back({node, utility_[node] * oort_speed_factor(Seconds{seconds_[node]}, preferred,
                                                                           constants_.round_penalty)});
    count = std::min(count, unexplored.size());
    const auto window = part(std::min(constants_.explore_window, static_cast<double>(unexplored.size())), count);
    if (window < unexplored.size()) {
        std::vector<std::tuple<double, double, std::size_t>> ranked;  // the heaviest first, then the smaller lot
        ranked.reserve(unexplored.size());
        for (std::size_t i = 0; i < unexplored.size(); ++i)
            ranked.emplace_back(-unexplored[i].weight, lot_of(seed_, moment.round, unexplored[i].node).tie, i);
        std::nth_element(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(window), ranked.end());
        std::vector<WeightedNode> largest;
        largest.reserve(window);
        for (std::size_t i = 0; i < window; ++i) largest.push_back(unexplored[std::get<2>(ranked[i])]);
        unexplored = std::move(largest);
    }
    return draw_weighted(seed_, moment.round, unexplored, count);
}

void Oort::learn(const RoundOutcome& outcome)
{
    explore_ = explore_share();
    double sum = 0;
    std::uint32_t explored = 0;
    for (const auto& [node, delivery] : outcome.nodes) {
        if (!delivery) continue;
        const bool was_explored = is_explored(node);
        utility_[node] = static_cast<float>(oort_utility(nodes_.samples(node), delivery->mean_loss));
        seconds_[node] = static_cast<float>(delivery->seconds.count());
        last_round_[node] = outcome.round;
        if (!was_explored) {
            --unexplored_;
            continue;
        }
        sum += utility_[node];
        ++explored;
    }
    history_.push_back(explored > 0 ? sum / explored : 0);
    pace(outcome.round);
}

void Oort::pace(std::uint32_t round)
{
    const std::size_t step = constants_.pacer_step;
    if (history_.size() > 2 * step) history_.erase(history_.begin());
    if (history_.size() < 2 * step || round % step != 0) return;
    const auto middle = history_.begin() + static_cast<std::ptrdiff_t>(step);
    const double before = std::accumulate(history_.begin(), middle, 0.0);
    const double change = std::abs(std::accumulate(middle, history_.end(), 0.0) - before);
    if (change <= flat * before)
        percentile_ = std::min(no_limit, percentile_ + constants_.pacer_delta);
    else if (change >= sharp * before)
        percentile_ = std::max(constants_.pacer_delta, percentile_ - constants_.pacer_delta);
}

void Oort::write(learning::StateWriter& state) const
{
    state.add(std::span<const float>{utility_});
    state.add(std::span<const float>{seconds_});
    state.add(std::span<const std::uint32_t>{last_round_});
    const double numbers[]{explore_, percentile_};
    state.add(std::span<const double>{numbers});
    state.add(std::span<const double>{history_});
}

void Oort::read(learning::StateReader& state)
{
    state.read(std::span{utility_});
    state.read(std::span{seconds_});
    state.read(std::span{last_round_});
    double numbers[2];
    state.read(std::span<double>{numbers});
    explore_ = numbers[0];
    percentile_ = numbers[1];
    history_ = state.list<double>();
    unexplored_ = static_cast<std::uint32_t>(std::ranges::count(last_round_, 0u));
}

}  // namespace fedgram::coordinator
