#include "common/report/table/reductions.hpp"

#include <catch2/catch.hpp>

#include "common/energy/pricing/pricing.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/seeds/reduction_means.hpp"
#include "common/report/table/table.hpp"
#include "common/text/number_text.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;

namespace {

learning::ModelFigures figures(double accuracy, std::uint64_t ops, bool is_int8)
{
    learning::ModelFigures figures;
    figures.accuracy = accuracy;
    figures.stored_bytes = is_int8 ? 250 : 1000;
    (is_int8 ? figures.inference.int8_ops : figures.inference.float_ops) = ops;
    figures.inference.peak_operator = "conv1";
    return figures;
}

learning::ReductionResult reduction(const std::string& label, learning::ModelFigures after)
{
    learning::ReductionResult result{label, "central", figures(0.9, 1'000'000'000, false), {}};
    learning::LeverStep step;
    step.lever = spec::PruneFilters{};
    step.cost.tuning.flops = 2'000'000'000;
    step.cost.tuning.steps = 1;
    step.figures = std::move(after);
    result.steps.push_back(step);
    return result;
}

run::RunRecord run_with_reductions(double accuracy = 0.88)
{
    auto record = carbon::test::run();
    record.reductions = {reduction("half", figures(accuracy, 500'000'000, false)),
                         reduction("int8", figures(0.89, 1'000'000'000, true))};
    return record;
}

Table table_of(const run::RunRecord& record) { return build_table(record, record.accounting); }

}  // namespace

TEST_CASE("A model and what became of it stand one beneath the other, with the levers' price")
{
    const auto record = run_with_reductions();
    const auto table = table_of(record);
    const auto& rows = table.reductions.rows;
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].label == "central");
    CHECK(rows[0].levers.empty());
    CHECK(rows[1].levers == "prune filters 50 %");
    CHECK(*rows[1].accuracy_change == Approx(-0.02));
    energy::Work work;
    work.flops = 2'000'000'000;
    work.steps = 1;
    const auto joules = energy::price(work, record.accounting.datacenter_devices.front()).joules.count() * 1.5;
    CHECK(rows[1].one_off.count() == Approx(joules));
    CHECK(rows[1].one_off_grams.count() == Approx(joules / 3.6e6 * 400));
}

TEST_CASE("Levers have paid once what they save each time is what they took")
{
    const auto table = table_of(run_with_reductions());
    const auto& rows = table.reductions.rows;
    REQUIRE(table.reductions.devices.size() == 2);
    CHECK(*table.reductions.devices[0].pue == 1.5);
    CHECK_FALSE(table.reductions.devices[1].pue);
    for (std::size_t device = 0; device < 2; ++device) {
        const auto& before = rows[0].requests[device];
        const auto& after = rows[1].requests[device];
        REQUIRE(after.break_even);
        CHECK(*after.break_even * (before.grams.count() - after.grams.count()) ==
              Approx(rows[1].one_off_grams.count()));
        CHECK_FALSE(before.break_even);
    }
}

TEST_CASE("A device that can't compute a model has no number for it, and says why once")
{
    const auto table = table_of(run_with_reductions());
    CHECK_FALSE(table.reductions.rows[2].requests[0].cost.energy);
    const auto joules = request_joules(table);
    CHECK(joules.rows[3][1] == "-");
    CHECK(joules.note.find("no rate of int8 is known") != std::string::npos);
    CHECK(request_break_even(table).rows[1][1] == "-");
}

TEST_CASE("A run without reductions has none of it")
{
    const auto table = table_of(carbon::test::run());
    CHECK(table.reductions.rows.empty());
    CHECK(reductions_section(table).empty());
}

TEST_CASE("Over seeds, what is measured has a mean and a deviation, and what is counted is one number")
{
    const auto first = table_of(run_with_reductions(0.88));
    const auto second = table_of(run_with_reductions(0.86));
    const std::vector<SeededTable> runs{{&first, 1}, {&second, 2}};
    const auto models = reduced_models(runs);
    REQUIRE(models.rows.size() == 4);
    CHECK(models.rows[2][2] == "87.0 ± 1.4");
    CHECK(models.rows[2][6] == "500");
    CHECK(request_joules(runs).rows[2][2] ==
          text::significant(1000 * first.reductions.rows[1].requests[1].joules.count()));
    CHECK(request_break_even(runs).rows[1][1] == "-");
    CHECK(request_break_even(runs).rows[2][1] == request_break_even(first).rows[2][1]);
}
