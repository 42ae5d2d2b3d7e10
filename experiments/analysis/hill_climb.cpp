#include "experiments/analysis/hill_climb.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace fedgram::experiments::analysis {

namespace {

using Place = HillClimb::Place;

// Distances are squared, so that they are whole.
constexpr int around = 3 * 3;
constexpr int beside = 2;  // along a side, or across a corner

constexpr double least_slow_gain = 0.03;
constexpr std::size_t least_neighbours = 3;

Place difference(const Place& a, const Place& b) { return {a[0] - b[0], a[1] - b[1]}; }

int squared_distance(const Place& a, const Place& b)
{
    const auto [x, y] = difference(a, b);
    return x * x + y * y;
}

/// Of the grid within a squared distance of home, without home: the nearest first, of equal ones the greater places.
std::vector<Place> places_around(const Place& home, const Place& sizes, int within)
{
    std::vector<Place> places;
    for (int x = 0; x < sizes[0]; ++x)
        for (int y = 0; y < sizes[1]; ++y) {
            const auto distance = squared_distance({x, y}, home);
            if (distance > 0 && distance <= within) places.push_back({x, y});
        }
    std::ranges::sort(places, [&](const Place& a, const Place& b) {
        return std::tuple{squared_distance(a, home), b} < std::tuple{squared_distance(b, home), a};
    });
    return places;
}

int places_of(double step)
{
    const auto size = std::abs(step);
    const int places = size >= 1.0 ? 3 : size >= 0.3 ? 2 : size >= 0.09 ? 1 : 0;
    return step < 0 ? -places : places;
}

}  // namespace

std::optional<Place> HillClimb::next()
{
    while (!has_ended_) {
        const auto home = measured_.find(home_);
        if (home == measured_.end()) return home_;
        if (before_ && keeps(goal_, measured_.at(*before_)) && !keeps(goal_, home->second)) {
            home_ = *before_;
            is_slow_ = true;
        }
        before_.reset();
        if (const auto missing = missing_neighbour()) return missing;
        if (!is_slow_ && is_mixed()) {
            is_slow_ = true;
            continue;
        }
        go_to(is_slow_ ? slow_target() : fast_target());
    }
    return std::nullopt;
}

std::optional<Place> HillClimb::missing_neighbour() const
{
    std::optional<Place> missing;
    std::size_t known = 0;
    for (const auto& place : places_around(home_, sizes_, is_slow_ ? beside : around)) {
        if (measured_.contains(place))
            ++known;
        else if (!missing)
            missing = place;
    }
    return is_slow_ || known < least_neighbours ? missing : std::nullopt;
}

bool HillClimb::is_mixed() const
{
    const bool at_home = keeps(goal_, measured_.at(home_));
    if (at_home && !all_loads_keep_.at(home_)) return true;
    return std::ranges::any_of(places_around(home_, sizes_, around), [&](const Place& place) {
        const auto found = measured_.find(place);
        return found != measured_.end() && keeps(goal_, found->second) != at_home;
    });
}

Place HillClimb::fast_target() const
{
    const auto& at_home = measured_.at(home_);
    std::array<double, 2> gains{};
    std::array<int, 2> distances{};
    for (const auto& place : places_around(home_, sizes_, around)) {
        const auto found = measured_.find(place);
        if (found == measured_.end()) continue;
        const auto gained = gain(goal_, found->second, at_home);
        const auto towards = difference(place, home_);
        for (const std::size_t i : {0U, 1U}) {
            gains[i] += towards[i] > 0 ? gained : towards[i] < 0 ? -gained : 0;
            distances[i] += std::abs(towards[i]);
        }
    }
    auto target = home_;
    for (const std::size_t i : {0U, 1U})
        if (distances[i] > 0) target[i] = std::clamp(home_[i] + places_of(gains[i] / distances[i]), 0, sizes_[i] - 1);
    return target;
}

Place HillClimb::slow_target() const
{
    auto target = home_;
    for (const auto& place : places_around(home_, sizes_, beside))
        if (gain(goal_, measured_.at(place), measured_.at(target)) > 0) target = place;
    return gain(goal_, measured_.at(target), measured_.at(home_)) >= least_slow_gain ? target : home_;
}

void HillClimb::go_to(const Place& place)
{
    has_ended_ = place == home_ || std::ranges::find(visited_, place) != visited_.end();
    if (has_ended_) return;
    visited_.push_back(home_);
    if (!is_slow_) before_ = home_;
    home_ = place;
    is_slow_ = false;
}

}  // namespace fedgram::experiments::analysis
