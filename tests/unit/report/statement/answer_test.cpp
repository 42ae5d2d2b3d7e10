#include "common/report/statement/answer.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;

namespace {

Table table(run::RunRecord run, double most_full_w = 10)
{
    auto accounting = carbon::test::accounting();
    accounting.edge_device.full_w.high = most_full_w;
    return build_table(run, accounting);
}

}  // namespace

TEST_CASE("The answer sets the greenest federated column beside the greenest centralized one")
{
    CHECK(question(table(carbon::test::run())) == "Which training of sample to 90.0 % test accuracy emits least?");
    // 360 J (280.8 to 660) over 3600 J at PUE 1.
    CHECK(answer(table(carbon::test::run())) ==
          "In United States the greenest federated training is fl, round (0.040 g, 0.031-0.073) and the greenest "
          "centralized one gpu, PUE 1 (0.400 g). Federated training emits 0.10 times (0.078-0.18) what centralized "
          "training does, so federated training emits less, whatever values the figures have within their bands.");
}

TEST_CASE("Where the band of the ratio contains 1 the answer says that nobody knows")
{
    CHECK_THAT(answer(table(carbon::test::run(), 400)),  // up to 3780 J
               Catch::EndsWith("emits 0.10 times (0.078-1.1) what centralized training does, so the figures don't tell "
                               "which of them emits less."));
}

TEST_CASE("A training without a result is in no answer")
{
    CHECK(answer(table(carbon::test::run_not_reached())) ==
          "In United States the least is gpu, PUE 1 (0.400 g); no federated training stands beside it with a result.");
    auto none = carbon::test::run_not_reached();
    none.trainings[0].outcome.diverged = true;
    CHECK(answer(table(none)) == "No training has a result: each missed its target or diverged.");
}
