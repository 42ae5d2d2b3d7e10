#include "experiments/search/objective.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace fedgram::experiments {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool beats(const CoursePoint& one, const CoursePoint& other)
{
    return one.gco2e <= other.gco2e && one.accuracy >= other.accuracy &&
           (one.gco2e < other.gco2e || one.accuracy > other.accuracy);
}

/// By how many fronts lie before it.
std::vector<std::size_t> front_numbers(const std::vector<CoursePoint>& points)
{
    std::vector<std::size_t> numbers(points.size());
    std::vector<std::size_t> left(points.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    for (std::size_t number = 0; !left.empty(); ++number) {
        const auto is_beaten = [&](std::size_t one) {
            return std::ranges::any_of(left, [&](std::size_t other) { return beats(points[other], points[one]); });
        };
        std::vector<std::size_t> later;
        std::ranges::copy_if(left, std::back_inserter(later), is_beaten);
        for (const auto one : left) numbers[one] = number;
        left = std::move(later);
    }
    return numbers;
}

/// How far a point's neighbours on its front are from each other, in shares of the front's extent.
std::vector<double> crowding(const std::vector<CoursePoint>& points, const std::vector<std::size_t>& fronts)
{
    std::vector<double> distances(points.size(), 0);
    const auto last = points.empty() ? 0 : *std::ranges::max_element(fronts);
    for (std::size_t front = 0; front <= last; ++front) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < points.size(); ++i)
            if (fronts[i] == front) members.push_back(i);
        for (const auto value : {&CoursePoint::gco2e, &CoursePoint::accuracy}) {
            std::ranges::stable_sort(members, {}, [&](std::size_t i) { return points[i].*value; });
            if (members.empty()) continue;
            const auto extent = points[members.back()].*value - points[members.front()].*value;
            distances[members.front()] = distances[members.back()] = infinity;
            for (std::size_t i = 1; extent > 0 && i + 1 < members.size(); ++i)
                distances[members[i]] += (points[members[i + 1]].*value - points[members[i - 1]].*value) / extent;
        }
    }
    return distances;
}

std::optional<CoursePoint> first_at(const std::vector<CoursePoint>& points, double accuracy)
{
    const auto found =
        std::ranges::find_if(points, [&](const CoursePoint& point) { return point.accuracy >= accuracy; });
    return found == points.end() ? std::nullopt : std::optional{*found};
}

/// Each seed stops by itself: all must get there.
std::optional<CoursePoint> mean_of_first(const std::vector<std::vector<CoursePoint>>& seeds, double accuracy)
{
    CoursePoint mean;
    for (const auto& points : seeds) {
        const auto first = first_at(points, accuracy);
        if (!first) return std::nullopt;
        mean.rounds = std::max(mean.rounds, first->rounds);
        mean.accuracy += first->accuracy / static_cast<double>(seeds.size());
        mean.gco2e += first->gco2e / static_cast<double>(seeds.size());
    }
    return mean;
}

/// Smaller is better, one value after the other.
using Rank = std::vector<double>;

Rank rank_of(const Objective& objective, const Course& course)
{
    const auto answer = answer_of(objective, course);
    if (course.failed) return {2, 0, 0};
    if (!answer) return {1, -course.best_accuracy(), course.gco2e};
    if (objective.kind == Objective::Kind::greenest) return {0, answer->gco2e, -answer->accuracy};
    return {0, -answer->accuracy, answer->gco2e};
}

std::vector<Rank> ranks_on_fronts(std::span<const Course* const> courses)
{
    std::vector<CoursePoint> points;
    for (const auto* course : courses)
        points.push_back(course->points.empty() || course->failed
                             ? CoursePoint{0, -1, infinity}
                             : CoursePoint{0, course->best_accuracy(), course->points.back().gco2e});
    const auto fronts = front_numbers(points);
    const auto distances = crowding(points, fronts);
    std::vector<Rank> ranks;
    for (std::size_t i = 0; i < points.size(); ++i) ranks.push_back({static_cast<double>(fronts[i]), -distances[i]});
    return ranks;
}

}  // namespace

std::optional<CoursePoint> answer_of(const Objective& objective, const Course& course)
{
    if (objective.kind == Objective::Kind::greenest)
        return course.of_seeds.empty() ? first_at(course.points, objective.min_accuracy)
                                       : mean_of_first(course.of_seeds, objective.min_accuracy);
    std::optional<CoursePoint> best;
    for (const auto& point : course.points) {
        if (objective.kind == Objective::Kind::most_accurate && point.gco2e > objective.max_gco2e) continue;
        if (!best || point.accuracy > best->accuracy) best = point;
    }
    return best;
}

std::vector<std::size_t> best_first(const Objective& objective, std::span<const Course* const> courses)
{
    std::vector<Rank> ranks;
    if (objective.kind == Objective::Kind::pareto)
        ranks = ranks_on_fronts(courses);
    else
        for (const auto* course : courses) ranks.push_back(rank_of(objective, *course));
    std::vector<std::size_t> order(courses.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) -> const Rank& { return ranks[i]; });
    return order;
}

std::vector<bool> pareto_front(std::span<const CoursePoint> points)
{
    std::vector<bool> front;
    for (const auto& point : points)
        front.push_back(std::ranges::none_of(points, [&](const auto& other) { return beats(other, point); }));
    return front;
}

}  // namespace fedgram::experiments
