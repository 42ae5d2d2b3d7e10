#include "experiments/search/course.hpp"

#include <algorithm>
#include <set>

namespace fedgram::experiments {

double Course::best_accuracy() const
{
    return points.empty() ? 0 : std::ranges::max_element(points, {}, &CoursePoint::accuracy)->accuracy;
}

Course mean_course(std::span<const Course> seeds)
{
    Course mean;
    std::set<std::uint32_t> rounds;
    for (const auto& seed : seeds) {
        mean.joules += seed.joules;
        mean.gco2e += seed.gco2e;
        mean.virtual_seconds += seed.virtual_seconds;
        mean.failed = mean.failed || seed.failed;
        for (const auto& point : seed.points) rounds.insert(point.rounds);
        if (seeds.size() > 1) mean.of_seeds.push_back(seed.points);
    }
    const auto count = static_cast<double>(seeds.size());
    for (const auto round : rounds) {
        CoursePoint sum{round};
        const bool all = std::ranges::all_of(seeds, [&](const Course& seed) {
            const auto behind = std::ranges::upper_bound(seed.points, round, {}, &CoursePoint::rounds);
            if (behind == seed.points.begin()) return false;
            sum.accuracy += std::prev(behind)->accuracy / count;
            sum.gco2e += std::prev(behind)->gco2e / count;
            return true;
        });
        if (all) mean.points.push_back(sum);
    }
    return mean;
}

}  // namespace fedgram::experiments
