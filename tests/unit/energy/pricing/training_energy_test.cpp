#include "common/energy/pricing/training_energy.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

TEST_CASE("A federated training's course is by group of nodes and round; all groups wait for the slowest node")
{
    const auto courses = federated_courses(energy::node_rounds(test::work_of(test::federated_lines(3))),
                                           energy::test::round_figures(), {20, 10}, 2);
    REQUIRE(courses.size() == 2);
    for (const auto& course : courses) {
        REQUIRE(course.intervals.size() == 3);
        CHECK(course.intervals[1].virtual_time.count() == Approx(17));
        CHECK(course.sum.virtual_time.count() == Approx(51));
        CHECK(course.sum.bytes_up == 30'000'000);
    }
    // Node 0 trains for 3 s at 10 W and waits 2 s at 2 W; node 1 trains for 5 s and doesn't wait.
    CHECK(courses[0].intervals[2].train.count() == Approx(30));
    CHECK(courses[0].intervals[2].idle.count() == Approx(4));
    CHECK(courses[1].sum.train.count() == Approx(150));
    CHECK(courses[1].sum.idle.count() == 0);
}

TEST_CASE("A group of which no node took part draws nothing and takes as long")
{
    const auto courses = federated_courses(energy::node_rounds(test::work_of(test::federated_lines())),
                                           energy::test::round_figures(), {20, 10}, 3);
    REQUIRE(courses.size() == 3);
    CHECK(courses[2].sum.train == Joules{});
    CHECK(courses[2].sum.virtual_time.count() == Approx(17));
}

TEST_CASE("A centralized training's course is by evaluation interval")
{
    auto work = test::work_of(test::centralized_lines());
    work.push_back(work.front());
    work.back().round = 2;
    work.back().work.flops *= 2;
    const auto course = centralized_course(work, test::gpu());
    REQUIRE(course.intervals.size() == 2);
    CHECK(course.intervals[1].virtual_time.count() == Approx(20));
    CHECK(course.intervals[1].train.count() == Approx(7200));
    CHECK(course.sum.train.count() == Approx(10'800));
}
