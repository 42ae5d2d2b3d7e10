#include "experiments/search/front_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fedgram::experiments {

namespace {

/// The last point of a course at most so far.
const CoursePoint* point_within(const Course& course, std::uint32_t rounds)
{
    const auto behind = std::ranges::upper_bound(course.points, rounds, {}, &CoursePoint::rounds);
    return behind == course.points.begin() ? nullptr : &*std::prev(behind);
}

/// Of the seeds around `mean`, at so many rounds.
std::optional<double> deviation_at(const SeededTrial& trial, std::uint32_t rounds, double mean)
{
    if (trial.seeds.size() < 2) return std::nullopt;
    double squares = 0;
    for (const auto& seed : trial.seeds) {
        const auto* const point = point_within(seed, rounds);
        if (point == nullptr) return std::nullopt;
        squares += (point->accuracy - mean) * (point->accuracy - mean);
    }
    return std::sqrt(squares / static_cast<double>(trial.seeds.size() - 1));
}

}  // namespace

std::vector<FrontPoint> front_at(std::span<const SeededTrial> trials, std::span<const double> grams)
{
    std::vector<FrontPoint> front;
    for (const double most : grams) {
        std::optional<FrontPoint> best;
        for (const auto& trial : trials)
            for (const auto& point : mean_course(trial.seeds).points)
                if (point.gco2e <= most && (!best || point.accuracy > best->accuracy))
                    best = FrontPoint{most, point.accuracy, deviation_at(trial, point.rounds, point.accuracy)};
        if (best) front.push_back(*best);
    }
    return front;
}

std::vector<double> common_levels(std::span<const std::vector<SeededTrial>> searches, std::size_t count)
{
    double first = 0;
    double last = std::numeric_limits<double>::infinity();
    for (const auto& trials : searches) {
        double least = std::numeric_limits<double>::infinity();
        double most = 0;
        for (const auto& trial : trials)
            for (const auto& point : mean_course(trial.seeds).points) {
                least = std::min(least, point.gco2e);
                most = std::max(most, point.gco2e);
            }
        first = std::max(first, least);
        last = std::min(last, most);
    }
    std::vector<double> levels;
    for (std::size_t i = 0; i < count && first <= last; ++i)
        levels.push_back(first * std::pow(last / first, static_cast<double>(i) / static_cast<double>(count - 1)));
    return levels;
}

}  // namespace fedgram::experiments
