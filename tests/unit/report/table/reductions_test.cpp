#include "common/report/table/reductions.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

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

// The edge device of the run, of which int8 was measured: 1 s and 4 J for the model, waiting at 1 W.
energy::InferenceDevice edge_with_int8(const run::RunRecord& record)
{
    energy::InferenceProfile profile;
    profile.id = "round";
    profile.boundary = "board";
    profile.inference_only = false;
    profile.idle_w = energy::Figure{1, {}, {}, energy::EvidenceLevel::measured, "for a test"};
    profile.rows.push_back({.network = "net",
                            .macs = 500'000'000,
                            .numbers = spec::NumberType::int8,
                            .seconds = Seconds{1},
                            .joules = Joules{4},
                            .setup = "one",
                            .use = energy::InferenceRowUse::fitted,
                            .source = "for a test"});
    return {.profile = record.accounting.edge_device, .inference = profile};
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

TEST_CASE("Beneath the tables stands what their numbers rest on")
{
    auto record = run_with_reductions();
    const auto models = reduced_models(table_of(record)).note;
    CHECK(models.find("what is kept for a later one, such as a residual's shortcut") != std::string::npos);
    CHECK(models.find("fine-tune of all layers is the control") != std::string::npos);

    const auto one = request_joules(table_of(record));
    CHECK(one.note.find(", at 1 request a second, one at a time on each device;") != std::string::npos);
    CHECK(one.note.find("can't keep up") == std::string::npos);
    CHECK(one.note.find("As training is priced, by the device profile: float32 on gpu, round.") != std::string::npos);
    CHECK(one.way_out.find("--inference-devices") != std::string::npos);  // int8 isn't known of either
    CHECK(section_of(one).find(one.way_out) != std::string::npos);

    // The model takes 1 s on both devices, half of it 0.5 s: at 3 a second, 3 and 2 of them.
    record.accounting.inference.per_second = 3;
    const auto three = request_joules(table_of(record));
    CHECK(three.note.find(", at 3 requests a second,") != std::string::npos);
    CHECK(three.note.find("One device can't keep up: it takes 3 gpu for central; 2 gpu for half; 3 round for central; "
                          "2 round for half.") != std::string::npos);
}

TEST_CASE("A break-even between measured int8 and float32 priced as training is marked")
{
    auto record = run_with_reductions();
    CHECK(request_break_even(table_of(record)).note.find('*') == std::string::npos);
    record.accounting.inference.devices = {edge_with_int8(record)};
    const auto table = table_of(record);
    const auto& rows = table.reductions.rows;
    CHECK_FALSE(rows[1].requests[0].is_mixed);
    CHECK(rows[2].requests[0].is_mixed);
    CHECK(request_joules(table).way_out.empty());
    const auto pays = request_break_even(table);
    CHECK_FALSE(pays.rows[2][1].ends_with('*'));
    CHECK(pays.rows[3][1].ends_with('*'));
    CHECK(pays.note.find("no one measurement holds both") != std::string::npos);
    const auto requests = reductions_json(table)["models"][2]["inference"];
    CHECK(requests[0]["mixed"] == true);
    CHECK(requests[0]["computing_by"] == "measured inference");
    CHECK(reduction_notes_json(table)["break_even"] == pays.note);

    const std::vector<SeededTable> runs{{&table, 1}, {&table, 2}};
    CHECK(request_break_even(runs).rows[3][1] == pays.rows[3][1]);
}

namespace {

// A quarter of a second of floor; 1 GMAC/s in float32 and 2 in int8; 10 W idle, 50 W busy.
energy::ServingProfile record_of(const std::string& id)
{
    const auto stated = [](double value) {
        return energy::Figure{value, {}, {}, energy::EvidenceLevel::published, "for a test"};
    };
    energy::ServingProfile profile;
    profile.id = id;
    profile.boundary = "board";
    profile.rates = {{energy::Arithmetic::fp32, stated(1)}, {energy::Arithmetic::int8, stated(2)}};
    profile.floor_s = stated(0.25);
    profile.idle_w = stated(10);
    profile.busy_w = stated(50);
    return profile;
}

}  // namespace

TEST_CASE("A device with a serving record is priced by it, in what numbers it has a rate of")
{
    auto record = run_with_reductions();
    record.accounting.inference.serving = {record_of("gpu")};
    const auto table = table_of(record);
    const auto& rows = table.reductions.rows;
    // 5e8 MAC take 0.75 s: at 1 a second 50 W for so long, and 10 W for the rest; with a PUE of 1.5.
    CHECK(rows[0].requests[0].joules.count() == Approx((37.5 + 2.5) * 1.5));
    // In int8 0.5 s.
    REQUIRE(rows[2].requests[0].cost.energy);
    CHECK(rows[2].requests[0].joules.count() == Approx((25 + 5) * 1.5));
    CHECK_FALSE(rows[2].requests[0].is_mixed);
    CHECK(rows[0].requests[1].cost.energy->basis == energy::RequestBasis::training);

    const auto note = request_joules(table).note;
    CHECK(note.find("by the device profile: float32 on round.") != std::string::npos);
    CHECK(note.find("By a serving record, as an analysis prices a batch of 1: gpu.") != std::string::npos);
    CHECK(reductions_json(table)["models"][0]["inference"][0]["computing_by"] == "serving record");

    // Without a rate of int8 there is none: nothing else is known of it.
    record.accounting.inference.serving.front().rates.pop_back();
    CHECK_FALSE(table_of(record).reductions.rows[2].requests[0].cost.energy);
}
