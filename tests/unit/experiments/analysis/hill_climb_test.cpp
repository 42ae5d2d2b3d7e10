#include <functional>

#include <catch2/catch.hpp>

#include "experiments/analysis/hill_climb.hpp"

using namespace fedgram::experiments::analysis;

namespace {

using Place = HillClimb::Place;
using Places = std::vector<Place>;

Measurement answers(double throughput, double p99 = 1)
{
    return {.throughput_per_s = throughput, .latency = {.requests = 1000, .p99_ms = p99}};
}

Places climbed(const Place& sizes, const std::function<Measurement(Place)>& measure, const Goal& goal = {})
{
    HillClimb climb{sizes, goal};
    Places places;
    while (const auto place = climb.next()) {
        places.push_back(*place);
        climb.measured(*place, measure(*place));
    }
    return places;
}

/// In one dimension, where all places score `gain` over the first.
Places climbed_a_step_of(double gain)
{
    return climbed({8, 1}, [=](Place place) {
        if (gain == 2) return answers(place[0] == 0 ? 0 : 1);
        return answers(place[0] == 0 ? 1 : (1 + gain / 2) / (1 - gain / 2));
    });
}

}  // namespace

TEST_CASE("A climb on a plain looks at three neighbours and ends", "[analysis]")
{
    CHECK(climbed({8, 5}, [](Place) { return answers(1); }) == Places{{0, 0}, {1, 0}, {0, 1}, {1, 1}});
}

TEST_CASE("A climb through one place ends there", "[analysis]")
{
    CHECK(climbed({1, 1}, [](Place) { return answers(1); }) == Places{{0, 0}});
}

// By hand, throughput x + 1. The neighbours {1, 0}, {0, 1}, {1, 1} gain 2/3, 0, 2/3: a step is (2/3 + 2/3) / 2 = 0.67
// in x, two places, and (0 + 2/3) / 2 = 0.33 in y, two places again. From {2, 2}, the neighbours behind gain -0.4,
// -0.4, -1 and -1: 2.8 / 6 = 0.47 in both, two places, which the grid doesn't have.
TEST_CASE("A step is the sum of gains over the sum of distances", "[analysis]")
{
    CHECK(climbed({3, 3}, [](Place place) { return answers(place[0] + 1); }) ==
          Places{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 2}});
}

TEST_CASE("Around a place that keeps the constraints with some of its loads alone a climb goes slowly", "[analysis]")
{
    // As above up to {2, 2}, and then all that is beside it.
    HillClimb climb{{3, 3}, {}};
    Places places;
    while (const auto place = climb.next()) {
        places.push_back(*place);
        climb.measured(*place, answers((*place)[0] + 1), *place != Place{2, 2});
    }
    CHECK(places == Places{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 2}, {2, 1}, {1, 2}});
}

// By hand. The neighbours 1, 2 and 3 each gain g: a step of 3 g / 6. Behind it only the first place gains, -g.
TEST_CASE("Steps of 0.09, 0.3 and 1 are one, two and three places", "[analysis]")
{
    const auto line = [](std::vector<int> places) {
        Places found;
        for (const auto place : places) found.push_back({place, 0});
        return found;
    };
    CHECK(climbed_a_step_of(0.17) == line({0, 1, 2, 3}));  // 0.085
    // 0.25: to 1; there 0.5 / 4 = 0.125: to 2; there 0.125: to 3; there 0.5 / 6 = 0.083
    CHECK(climbed_a_step_of(0.5) == line({0, 1, 2, 3}));
    // 0.65: to 2; there 1.3 / 4 = 0.325: to 4, where 0 is out of sight
    CHECK(climbed_a_step_of(1.3) == line({0, 1, 2, 3, 4}));
    // 1: to 3; there 2 / 6 = 0.33: to 5, which lacks a third neighbour; there nothing gains
    CHECK(climbed_a_step_of(2) == line({0, 1, 2, 3, 5, 6}));
}

TEST_CASE("A step to where constraints break is taken back, and then it goes slowly", "[analysis]")
{
    // The more the better, up to 4: beyond it the constraint breaks.
    const Goal goal{.constraints = {{Metric::p99, 10}}};
    const auto places = climbed(
        {8, 1}, [](Place place) { return answers(1 << place[0], place[0] <= 4 ? 10 : 11); }, goal);
    // By hand: gains 2/3, 6/5 and 14/9 over 6 are 0.57, two places; from 2 more than that again, and so on.
    CHECK(places == Places{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {6, 0}, {5, 0}});
}

TEST_CASE("Slowly it crosses corners", "[analysis]")
{
    // A ridge: two in y cost one in x. What keeps the constraint lies along it, and {2, 0} is the best.
    const Goal goal{.constraints = {{Metric::p99, 2}}};
    const auto places = climbed(
        {5, 5}, [](Place place) { return answers(1 + 10 * place[0] + place[1], place[0] + place[1]); }, goal);
    CHECK(std::find(places.begin(), places.end(), Place{2, 0}) != places.end());
}

TEST_CASE("What fails is no place to go to", "[analysis]")
{
    const auto places = climbed({8, 5}, [](Place place) {
        return place == Place{} ? answers(1) : Measurement{.failure = "memory doesn't suffice"};
    });
    CHECK(places == Places{{0, 0}, {1, 0}, {0, 1}, {1, 1}});
}
