#include "common/carbon/report.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/carbon/sample.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using Catch::Matchers::Contains;

namespace {

std::string reported(const RunRecord& run) { return report(build_table(run, run.accounting), run); }

}  // namespace

TEST_CASE("A report has each column's budget, and accuracy per joule and gram")
{
    // 1e10 FLOPs in 10 s, 5.4 kJ, 0.6 g, 90.5 %: 16.8 a kJ, 151 a gram.
    CHECK_THAT(reported(test::run()),
               Contains("gpu, PUE 1.5                0   0.0100 T   0.00278   5.40   0.600    90.5 %  16.8   151\n"));
    CHECK_THAT(reported(test::run()), Contains("Seed 7, one run. Lost to faults, in no row: 0 kJ in 0 ledger lines."));
    CHECK_THAT(reported(test::run_not_reached()), Contains("86.0 % (missed)"));
}

TEST_CASE("A statement says what was estimated, by what, and what it leaves out")
{
    // An average life: 11,023 lb a year = 4,999,949 g / 31,536,000 s = 0.15855 g/s. A flight: 1984 lb = 899,927 g.
    CHECK_THAT(
        reported(test::run()),
        Contains("Training small-cnn on fashion-mnist to 90.0 % test accuracy (the first evaluation at or above "
                 "90.0 % ends a training) as \"fl\" is estimated to emit 0.0400 gCO2e (bounds 0.0312 to 0.0733): "
                 "0.180 kJ on Round figures and 0.180 kJ in the network (router, 7.5 W over 20 Mbit/s down and "
                 "10 up), at the lifecycle grid intensity of United States in 2024 (400 gCO2e/kWh, ember-2026). "
                 "Energy is modelled from the work done by a device profile, not measured; scope 1 is zero, "
                 "embodied carbon is unknown and left out. That is 0.252 s of an average human life, or 0.0444 "
                 "millionths of a flight from New York to San Francisco and back (Strubell et al. 2019).\n"));
    CHECK_THAT(reported(test::run()), Contains("is estimated to emit 0.600 gCO2e (no band known): 5.40 kJ on A GPU"));
    CHECK_THAT(reported(test::run_not_reached()), Contains("without reaching the target (best 87.1 %)"));
}

TEST_CASE("A model card has grams, place and hardware; a model that missed its target has none")
{
    const auto table = build_table(test::run_not_reached(), test::accounting());
    CHECK(model_card(table, table.cell(1, 0)) ==
          "co2_eq_emissions:\n"
          "  emissions: 0.06\n"
          "  source: \"Fedgram: energy modelled by the device profile gpu; ember-2026 2024, lifecycle\"\n"
          "  training_type: \"pre-training\"\n"
          "  geographical_location: \"France\"\n"
          "  hardware_used: \"A GPU\"\n");
    CHECK_THROWS_AS(model_card(table, table.cell(0, 2)), SpecError);
}
