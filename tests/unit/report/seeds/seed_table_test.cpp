#include "common/report/seeds/seed_table.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

// The sample run, whose federated training takes so many rounds: 0.04 g in USA, 0.004 g in FRA for each.
Table table_of(std::uint32_t rounds, bool reached = true)
{
    auto run = test::run();
    run.trainings[1].work = test::work_of(test::federated_lines(rounds));
    run.trainings[1].outcome.reached_target = reached;
    return build_table(run, run.accounting);
}

}  // namespace

TEST_CASE("Cells have their mean and deviation over the seeds, beside the first one's")
{
    const auto first = table_of(1);
    const auto second = table_of(2);
    const auto third = table_of(3);
    const std::vector<SeededTable> runs{{&first, 7}, {&second, 8}, {&third, 9}};
    const auto cells = seed_cells(runs);
    REQUIRE(cells.size() == 6);  // two countries, three columns
    CHECK(cells[0].grams->mean == Approx(0.6));
    CHECK(cells[0].grams->standard_deviation == Approx(0).margin(1e-12));
    CHECK(cells[2].grams->mean == Approx(0.08));
    CHECK(cells[2].grams->standard_deviation == Approx(0.04));
    CHECK(cells[2].first == Approx(0.04));
    CHECK(cells[5].grams->mean == Approx(0.008));
    const auto text = seed_table(runs);
    CHECK_THAT(text, Catch::Matchers::Contains("mean ± standard deviation over the seeds 7, 8, 9\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("0.0800 ± 0.0400"));
    CHECK_THAT(text, Catch::Matchers::Contains("  seed 7"));
    const auto json = seed_json(runs);
    CHECK(json["seeds"] == nlohmann::ordered_json({7, 8, 9}));
    CHECK(json["cells"][2]["column"] == "fl, round");
    CHECK(json["cells"][2]["deviation_gco2e"].get<double>() == Approx(0.04));
    CHECK(json["cells"][2]["least_gco2e"].get<double>() == Approx(0.04));
    CHECK(json["cells"][2]["most_gco2e"].get<double>() == Approx(0.12));
    // By hand: 0.08 and 4.303 x 0.04 / the root of 3.
    CHECK(json["cells"][2]["confidence_95"]["high"].get<double>() == Approx(0.08 + 0.09937).margin(1e-4));
}

TEST_CASE("A run that missed its target is in no mean, and is counted")
{
    const auto first = table_of(1, false);
    const auto second = table_of(2);
    const std::vector<SeededTable> runs{{&first, 1}, {&second, 2}};
    const auto cells = seed_cells(runs);
    CHECK(cells[2].reached == 1);
    CHECK(cells[2].grams->mean == Approx(0.08));
    CHECK_FALSE(cells[2].grams->standard_deviation.has_value());
    CHECK_FALSE(cells[2].first.has_value());
    CHECK(seed_json(runs)["cells"][2]["confidence_95"].is_null());
    CHECK_THAT(
        seed_table(runs),
        Catch::Matchers::EndsWith("fl, round: not reached, or diverged, in 1 of 2 runs, which are not in its mean.\n"));
    CHECK(seed_json(runs)["cells"][2]["first_gco2e"].is_null());
    const std::vector<SeededTable> none{{&first, 1}};
    CHECK_FALSE(seed_cells(none)[2].grams.has_value());
    CHECK_THAT(seed_table(none), Catch::Matchers::Contains("not reached"));
}
