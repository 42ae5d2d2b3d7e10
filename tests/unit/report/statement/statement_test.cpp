#include "common/report/statement/statement.hpp"

#include <catch2/catch.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/text/utc_time.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

constexpr std::size_t federated = 2;

run::RunRecord run_of(std::uint64_t seed, std::uint32_t rounds)
{
    auto run = test::run();
    run.seed = seed;
    run.trainings[1].work = test::work_of(test::federated_lines(rounds));
    return run;
}

}  // namespace

TEST_CASE("A statement over seeds has their mean, the least and the most")
{
    const auto first = run_of(1, 1);
    const auto second = run_of(2, 3);
    const auto table = build_table(first, first.accounting);
    const auto other = build_table(second, second.accounting);
    const StatedRun runs[] = {{&table, &first}, {&other, &second}};
    // 0.04 g a round: 0.04 and 0.12.
    CHECK_THAT(statement(runs, federated),
               Contains("as \"fl\", in 2 runs with the seeds 1, 2, is estimated to emit 0.080 gCO2e a run on average, "
                        "from 0.040 to 0.12 (bounds 0.062-0.15): 0.360 kJ on Round figures and 0.360 kJ in the "
                        "network"));
}

TEST_CASE("A statement over seeds has the intensity that the energy of all of them met")
{
    // A round of 17 s in the first hour; 300 more rounds reach into the second, at twice the intensity.
    auto first = run_of(1, 1);
    first.accounting.countries[0] =
        hourly_grid({{"CAL", HourlySeries{*text::parse_utc("2024-05-01T06:00:00Z"),
                                          {GramsPerKilowattHour{300}, GramsPerKilowattHour{600}}}},
                     "lifecycle",
                     "eia"});
    auto second = run_of(2, 300);
    second.accounting = first.accounting;
    const auto table = build_table(first, first.accounting);
    const auto other = build_table(second, second.accounting);
    const StatedRun runs[] = {{&table, &first}, {&other, &second}};
    // Of 301 rounds of 360 J, 3600 / 17 rounds and the one of the first run are at 300 g/kWh: 387.9.
    CHECK_THAT(
        statement(runs, federated),
        Contains("at a grid intensity of 388 gCO2e/kWh (CAL from 2024-05-01T06:00:00Z by the hour, lifecycle, eia)"));
}

TEST_CASE("A statement over seeds says how many missed the target, and counts their cost")
{
    const auto first = run_of(1, 1);
    auto second = run_of(2, 3);
    second.trainings[1].outcome = test::run_not_reached().trainings[1].outcome;
    const auto table = build_table(first, first.accounting);
    const auto other = build_table(second, second.accounting);
    const StatedRun runs[] = {{&table, &first}, {&other, &second}};
    CHECK_THAT(statement(runs, federated),
               Contains("0.080 gCO2e a run on average") &&
                   Contains("1 of the runs without reaching the target, their cost included (best 87.1 %): "));
}
