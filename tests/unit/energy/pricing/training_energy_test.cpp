#include "common/energy/pricing/training_energy.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::energy;

TEST_CASE("A federated training's energy is the sum over nodes, by phase")
{
    const auto energy = federated_energy(test::federated_rounds(), test::round_figures(), test::home_line);
    CHECK(energy.download.count() == Approx(32));
    CHECK(energy.train.count() == Approx(80));
    CHECK(energy.upload.count() == Approx(64));
    CHECK(energy.idle.count() == Approx(4));
    CHECK(energy.busy.count() == Approx(32));  // 2 x 12 s of transfers, 3 + 5 s of training
    CHECK(energy.waiting.count() == Approx(2));
    CHECK(energy.virtual_time.count() == Approx(17));
    CHECK(energy.bytes_down == 20'000'000);
    CHECK(energy.bytes_up == 20'000'000);
}

TEST_CASE("A federated training's course is by group of nodes and round; all groups wait for the slowest node")
{
    const auto course = federated_course(test::federated_rounds(3), test::round_figures(), test::home_line, 2);
    REQUIRE(course.groups.size() == 2);
    for (const auto& group : course.groups) {
        REQUIRE(group.intervals.size() == 3);
        CHECK(group.intervals[1].virtual_time.count() == Approx(17));
        CHECK(group.sum.virtual_time.count() == Approx(51));
        CHECK(group.sum.bytes_up == 30'000'000);
    }
    // Node 0 trains for 3 s at 10 W and waits 2 s at 2 W; node 1 trains for 5 s and doesn't wait.
    CHECK(course.groups[0].intervals[2].train.count() == Approx(30));
    CHECK(course.groups[0].intervals[2].idle.count() == Approx(4));
    CHECK(course.groups[1].sum.train.count() == Approx(150));
    CHECK(course.groups[1].sum.idle.count() == 0);
    CHECK(course.sum.train.count() == Approx(240));
    CHECK(course.sum.idle.count() == Approx(12));
    CHECK(course.sum.virtual_time.count() == Approx(51));
}

TEST_CASE("A group of which no node took part draws nothing and takes as long")
{
    const auto course = federated_course(test::federated_rounds(), test::round_figures(), test::home_line, 3);
    REQUIRE(course.groups.size() == 3);
    CHECK(course.groups[2].sum.train == Joules{});
    CHECK(course.groups[2].sum.virtual_time.count() == Approx(17));
}

TEST_CASE("A centralized training counts its training alone; evaluation stands apart")
{
    const auto work = test::centralized_work();
    const auto energy = centralized_course(work, test::gpu()).sum;
    CHECK(energy.train.count() == Approx(3600));
    CHECK(energy.virtual_time.count() == Approx(10));
    CHECK(coordinator_energy(work, test::gpu()).count() == Approx(360));
}

TEST_CASE("A centralized training's course is by evaluation interval")
{
    auto work = test::centralized_work();
    work.push_back(work.front());
    work.back().round = 2;
    work.back().work.flops *= 2;
    const auto course = centralized_course(work, test::gpu());
    REQUIRE(course.intervals.size() == 2);
    CHECK(course.intervals[1].virtual_time.count() == Approx(20));
    CHECK(course.intervals[1].train.count() == Approx(7200));
    CHECK(course.sum.train.count() == Approx(10'800));
}
