#include "common/report/statement/answer_over_seeds.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::EndsWith;

namespace {

// `fl` takes so many rounds: 0.04 g each in the first country, up to 0.42 g where a busy device may draw 400 W;
// `central` 0.4 g at PUE 1.
Table table_of(std::uint32_t rounds, double most_full_w = 10, bool reached = true)
{
    auto run = carbon::test::run();
    run.trainings[1].work = carbon::test::work_of(carbon::test::federated_lines(rounds));
    run.trainings[1].outcome.reached_target = reached;
    auto accounting = carbon::test::accounting();
    accounting.edge_device.full_w.high = most_full_w;
    return build_table(run, accounting);
}

std::string answer_of(const std::vector<Table>& tables)
{
    std::vector<SeededTable> runs;
    for (const auto& table : tables) runs.push_back({&table, runs.size() + 1});
    return answer_over_seeds(runs);
}

}  // namespace

TEST_CASE("The answer over seeds goes by means, and holds in each run")
{
    // By hand: 0.04 and 0.08 g, mean 0.06, deviation 0.0283; 0.06 / 0.4 = 0.15; the ends are those of one run: 0.078 of
    // one round, and 2 x 0.18 of two (660 J x 2 over 3600 J).
    CHECK(
        answer_of({table_of(1), table_of(2)}) ==
        "In United States, by the mean over 2 seeds, the greenest federated training is fl, round (0.0600 ± 0.0283 g) "
        "and the greenest centralized one gpu, PUE 1 (0.400 ± 0.000 g). Federated training emits 0.15 times "
        "(0.078-0.37) what centralized training does, so federated training emits less in each of these runs, whatever "
        "values the figures have within their bands.");
}

TEST_CASE("No difference is claimed where one run, or the figures, don't have it")
{
    CHECK_THAT(answer_of({table_of(1), table_of(12)}), EndsWith("so these seeds and figures don't tell which of them "
                                                                "emits less."));
    CHECK_THAT(answer_of({table_of(1), table_of(1, 400)}), EndsWith("don't tell which of them emits less."));
    CHECK_THAT(answer_of({table_of(30), table_of(40)}), Catch::Contains("federated training emits more in each"));
}

TEST_CASE("A training that missed its target in one run is in no answer over the seeds")
{
    CHECK(
        answer_of({table_of(1), table_of(2, 10, false)}) ==
        "In United States, by the mean over 2 seeds, the least is gpu, PUE 1 (0.400 ± 0.000 g); no federated training "
        "stands beside it with a result in each run.");
}

TEST_CASE("Of a single run the answer over seeds is the run's own")
{
    CHECK_THAT(answer_of({table_of(1)}), Catch::StartsWith("In United States the greenest federated training is"));
}
