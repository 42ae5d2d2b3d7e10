#include "experiments/search/front_distance.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace fedgram::experiments;

namespace {

SeededTrial trial(std::vector<std::vector<CoursePoint>> seeds)
{
    SeededTrial trial;
    for (auto& points : seeds) trial.seeds.push_back({.points = std::move(points)});
    return trial;
}

// Means: (10 g, 0.5), (20 g, 0.7); and (12 g, 0.6).
std::vector<SeededTrial> trials()
{
    return {trial({{{1, 0.4, 10}, {2, 0.7, 20}}, {{1, 0.6, 10}, {2, 0.7, 20}}}),
            trial({{{1, 0.6, 12}}, {{1, 0.6, 12}}})};
}

}  // namespace

TEST_CASE("A front is the best mean for at most so many grams, with the deviation of its seeds", "[search]")
{
    const auto front = front_at(trials(), std::vector<double>{5, 10, 15, 30});
    REQUIRE(front.size() == 3);  // for 5 g nothing is known
    CHECK(front[0].accuracy == Approx(0.5));
    CHECK(*front[0].deviation == Approx(0.1 * std::sqrt(2.0)));
    CHECK(front[1].accuracy == Approx(0.6));
    CHECK(*front[1].deviation == Approx(0));
    CHECK(front[2].accuracy == Approx(0.7));
}

TEST_CASE("Levels lie between what all searches know", "[search]")
{
    const std::vector<std::vector<SeededTrial>> searches{trials(), {trial({{{1, 0.3, 12}, {2, 0.4, 48}}})}};
    const auto levels = common_levels(searches, 3);  // from 12 to 20
    REQUIRE(levels.size() == 3);
    CHECK(levels[0] == Approx(12));
    CHECK(levels[1] == Approx(std::sqrt(12.0 * 20)));
    CHECK(levels[2] == Approx(20));
}
