#include "common/report/statement/utilization.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

TEST_CASE("Utilization is busy over busy and waiting, and FLOPs over what the rate would have allowed")
{
    const auto run = test::run();
    const auto table = build_table(run, run.accounting);
    // Busy 4 + 3 + 8 and 4 + 5 + 8 s, and 2 s of waiting; 8 GFLOP at 1 GFLOP/s.
    const auto used = utilization(table, run, table.columns[2]);
    CHECK(used.busy.count() == Approx(32));
    CHECK(used.waiting.count() == Approx(2));
    CHECK(*used.busy_share == Approx(32.0 / 34));
    CHECK(*used.of_sustained_rate == Approx(8.0 / 32));
}

TEST_CASE("A training that did nothing has no utilization, rather than none of it used")
{
    auto run = test::run();
    run.trainings[0].work = {};
    const auto table = build_table(run, run.accounting);
    const auto used = utilization(table, run, table.columns[0]);
    CHECK_FALSE(used.busy_share);
    CHECK_FALSE(used.of_sustained_rate);
}
