#include "experiments/search/objective.hpp"

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

Course course(std::vector<CoursePoint> points) { return {.points = std::move(points)}; }

std::vector<std::size_t> order(const Objective& objective, const std::vector<Course>& courses)
{
    std::vector<const Course*> pointers;
    for (const auto& one : courses) pointers.push_back(&one);
    return best_first(objective, pointers);
}

}  // namespace

TEST_CASE("A trial answers at the first point that is accurate enough, or the best one that the grams allow",
          "[search]")
{
    const auto trial = course({{1, 0.5, 10}, {2, 0.8, 20}, {3, 0.7, 30}, {4, 0.9, 40}});
    CHECK(answer_of({.kind = Objective::Kind::greenest, .min_accuracy = 0.75}, trial) == CoursePoint{2, 0.8, 20});
    CHECK_FALSE(answer_of({.kind = Objective::Kind::greenest, .min_accuracy = 0.95}, trial));
    CHECK(answer_of({.kind = Objective::Kind::most_accurate, .max_gco2e = 35}, trial) == CoursePoint{2, 0.8, 20});
    CHECK_FALSE(answer_of({.kind = Objective::Kind::most_accurate, .max_gco2e = 5}, trial));
    CHECK(answer_of({.kind = Objective::Kind::pareto}, trial) == CoursePoint{4, 0.9, 40});
}

TEST_CASE("Who gets there stands before who doesn't, and who failed stands last", "[search]")
{
    auto failed = course({{1, 0.99, 1}});
    failed.failed = true;
    const std::vector<Course> courses{course({{1, 0.5, 10}}), failed, course({{1, 0.8, 30}}), course({{1, 0.7, 10}}),
                                      course({{1, 0.8, 20}})};
    CHECK(order({.kind = Objective::Kind::greenest, .min_accuracy = 0.8}, courses) ==
          std::vector<std::size_t>{4, 2, 3, 0, 1});
    CHECK(order({.kind = Objective::Kind::most_accurate, .max_gco2e = 15}, courses) ==
          std::vector<std::size_t>{3, 0, 2, 4, 1});
}

// By hand: (10, 0.5), (20, 0.7) and (40, 0.9) beat none of each other; (30, 0.6) is beaten by the second.
TEST_CASE("For a front, trials stand front by front, and its ends before its middle", "[search]")
{
    const std::vector<Course> courses{course({{1, 0.6, 30}}), course({{1, 0.7, 20}}), course({{1, 0.5, 10}}),
                                      course({{1, 0.9, 40}})};
    CHECK(order({.kind = Objective::Kind::pareto}, courses) == std::vector<std::size_t>{2, 3, 1, 0});
}

TEST_CASE("A front is what a naive look at all pairs leaves", "[search]")
{
    Stream random{5, Purpose::search};
    for (int repetition = 0; repetition < 50; ++repetition) {
        std::vector<CoursePoint> points;
        for (int i = 0; i < 30; ++i)
            points.push_back({1, static_cast<double>(random.below(8)), static_cast<double>(random.below(8))});
        const auto front = pareto_front(points);
        for (std::size_t i = 0; i < points.size(); ++i) {
            bool beaten = false;
            for (const auto& other : points) {
                const bool no_worse = other.accuracy >= points[i].accuracy && other.gco2e <= points[i].gco2e;
                const bool better = other.accuracy > points[i].accuracy || other.gco2e < points[i].gco2e;
                beaten = beaten || (no_worse && better);
            }
            CHECK(front[i] == !beaten);
        }
    }
}

TEST_CASE("Points that are equal beat nobody", "[search]")
{
    CHECK(pareto_front(std::vector<CoursePoint>{{1, 0.8, 1}, {1, 0.8, 1}}) == std::vector<bool>{true, true});
}

TEST_CASE("A trial's course is the mean over its seeds, and one that has ended stays where it is", "[search]")
{
    auto early = course({{1, 0.4, 1}, {2, 0.8, 2}});
    early.joules = 7;
    auto late = course({{1, 0.2, 3}, {2, 0.4, 4}, {3, 0.6, 6}});
    late.joules = 5;
    const auto mean = mean_course(std::vector{early, late});
    CHECK(mean.joules == 12);
    REQUIRE(mean.points.size() == 3);
    CHECK(mean.points[1].accuracy == Approx(0.6));
    CHECK(mean.points[2].accuracy == Approx(0.7));
    CHECK(mean.points[2].gco2e == Approx(4));
    CHECK(mean_course(std::vector{early, course({})}).points.empty());

    // Each seed stops where it gets there by itself: at 2 g and at 6 g.
    const auto answer = answer_of({.kind = Objective::Kind::greenest, .min_accuracy = 0.6}, mean);
    REQUIRE(answer);
    CHECK(answer->gco2e == Approx(4));
    CHECK(answer->rounds == 3);
    CHECK_FALSE(answer_of({.kind = Objective::Kind::greenest, .min_accuracy = 0.7}, mean));
}
