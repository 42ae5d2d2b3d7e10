#include "common/report/explain/reductions_chain.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/explain/find_cell.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

learning::ModelFigures figures(std::uint64_t ops, bool is_int8)
{
    learning::ModelFigures figures;
    figures.accuracy = 0.9;
    figures.stored_bytes = 1000;
    (is_int8 ? figures.inference.int8_ops : figures.inference.float_ops) = ops;
    figures.inference.peak_activation_bytes = 64;
    figures.inference.peak_operator = "conv1";
    return figures;
}

// Of 10^9 FLOPs, which take a second on either device.
run::RunRecord run_with_reductions()
{
    auto record = carbon::test::run();
    learning::LeverStep tuned{spec::PruneFilters{}, {}, figures(500'000'000, false)};
    tuned.cost.tuning = {.samples = 320, .steps = 10, .flops = 2'000'000'000};
    tuned.cost.kept_bytes = 77;
    learning::LeverStep quantized{spec::Quantize{}, {}, figures(500'000'000, true)};
    quantized.cost.passes = {.samples = 500, .steps = 16, .flops = 1'000'000'000};
    const auto before = figures(1'000'000'000, false);
    record.reductions = {{"half", "central", before, {tuned}}, {"both", "central", before, {tuned, quantized}}};
    return record;
}

std::string explained(const run::RunRecord& record, const std::string& name, Figures figures = Figures::left_out)
{
    const auto table = build_table(record, record.accounting);
    return explain_reduction(table, record, *find_reduction(table, name), figures);
}

// 10^6 multiply-accumulates of int8 in 2 ms and 8 mJ, so 250 million in 0.5 s and 2 J; and 4 mW while it waits.
energy::InferenceDevice board(const std::optional<energy::DeviceProfile>& profile = {})
{
    energy::InferenceProfile inference;
    inference.id = profile ? profile->id : "board";
    inference.boundary = "board";
    inference.idle_w = energy::Figure{0.004, 0.001, 0.016, energy::EvidenceLevel::assumed, "asleep"};
    inference.rows.push_back({.network = "net",
                              .macs = 1'000'000,
                              .numbers = spec::NumberType::int8,
                              .seconds = Seconds{0.002},
                              .joules = Joules{0.008},
                              .setup = "one",
                              .use = energy::InferenceRowUse::fitted,
                              .source = "a log"});
    return {.profile = profile, .inference = inference};
}

}  // namespace

TEST_CASE("A lever's one-off is redone by hand: Work, steps, seconds, watts, PUE and grid")
{
    const auto text = explained(run_with_reductions(), "usa/Both");
    INFO(text);
    CHECK_THAT(text, Contains("USA/both: prune filters 50 %, int8 per channel, of the final model of central;"));
    CHECK_THAT(text, Contains("One-off, on gpu, PUE 1.5\n"));
    CHECK_THAT(text,
               Contains("prune-filters, training  320 samples in 10 steps, 0 kernels, 2000000000 FLOPs, 0 bytes of "
                        "memory traffic; by itself 2 s and 720 J\n"));
    CHECK_THAT(text,
               Contains("quantize, passes         500 samples in 16 steps, 0 kernels, 1000000000 FLOPs, 0 bytes of "
                        "memory traffic; by itself 1 s and 360 J\n"));
    CHECK_THAT(text, Contains("prune-filters, kept      77 bytes meanwhile\n"));
    CHECK_THAT(text,
               Contains("820 samples in 26 steps, 0 kernels, 3000000000 FLOPs, 0 bytes of memory traffic, priced at "
                        "once\n"));
    CHECK_THAT(text, Contains("full_w 360 W x 3 s = 1080 J\n"));
    CHECK_THAT(text, Contains("of gpu: ") && Contains("step_overhead_s assumed") &&
                         Contains("model_error assumed, 1 in all watts\n"));
    // 1080 x 1.5 = 1620 J; / 3.6e6 x 400 = 0.18 g.
    CHECK_THAT(text,
               Contains("computing x PUE 1.5 = 1620 J; 1620 J / 3.6e6 x 400 gCO2e/kWh in United States = 0.18 g\n"));
    CHECK_THAT(explained(run_with_reductions(), "France/both"),
               Contains("1620 J / 3.6e6 x 40 gCO2e/kWh in France = 0.018 g\n"));
}

TEST_CASE("A request priced as training is, and when the levers have paid, are redone by hand")
{
    const auto text = explained(run_with_reductions(), "USA/half");
    INFO(text);
    // One-off 720 x 1.5 = 1080 J. A request takes 1 s at 360 W, or half a second and waits the other half at 2 W.
    CHECK_THAT(text,
               Contains("A request to central, on gpu, PUE 1.5\n") && Contains("A request to half, on gpu, PUE 1.5\n"));
    CHECK_THAT(text,
               Contains("500000000 FLOPs = 2 x 250000000 multiply-accumulates, 0 bytes of memory traffic, 0 kernels; "
                        "at most 64 bytes of activations, while conv1 runs\n"));
    CHECK_THAT(text, Contains("priced by  the device profile, as training\n"));
    CHECK_THAT(text, Contains("full_w 360 W x 0.5 s = 180 J\n"));
    CHECK_THAT(text, Contains("loads 1 sample x 0 s (loading_s) = 0 s; launches 1 step x 0 s"));
    CHECK_THAT(text, Contains("2 W (idle_w, assumed) x (1 device / 1 request a second - 0.5 s) = 1 J\n"));
    CHECK_THAT(text, Contains("(computing + waiting) x PUE 1.5 = 271.5 J; "));
    CHECK_THAT(text, Contains("0.12 g / (0.06 g of central - 0.030166667 g of half) = 4.02\n"));
    // On the edge device, without PUE: 10 W x 1 s; 5 J and 1 J of waiting.
    CHECK_THAT(text, Contains("0.12 g / (0.0011111111 g of central - 0.00066666667 g of half) = 270\n"));
    CHECK_THAT(text, Contains("--figures shows each figure"));
}

TEST_CASE("A request by measured inference names rate, joules and standing of each figure")
{
    auto record = run_with_reductions();
    record.accounting.inference.devices = {board()};
    const auto text = explained(record, "USA/both");
    INFO(text);
    CHECK_THAT(text, Contains("not able  board: no rate of fp32 is known\n"));
    CHECK_THAT(text, Contains("500000000 operations in int8 = 2 x 250000000 multiply-accumulates"));
    CHECK_THAT(text, Contains("250000000 / (0.5 x 1e9) (int8_gmac_per_s, fitted) = 0.5 s\n"));
    CHECK_THAT(text,
               Contains("250000000 / 1e9 x 8 J (int8_joules_per_gmac, fitted) = 2 J: 4 W (int8_active_w, fitted)\n"));
    CHECK_THAT(text, Contains("0.004 W (idle_w, assumed) x (1 device / 1 request a second - 0.5 s) = 0.002 J\n"));
    CHECK_THAT(text, !Contains("When the levers have paid"));
    const auto with_figures = explained(record, "USA/both", Figures::shown);
    CHECK_THAT(with_figures, Contains("Figures of board, inference: likely (low to high), standing, source\n"));
    CHECK_THAT(with_figures, Contains("0.004 (0.001 to 0.016), assumed: asleep\n"));
    CHECK_THAT(with_figures, Contains("Figures of gpu: "));

    // Of a device whose float32 is a training's, the two rest on unlike figures.
    record.accounting.inference.devices = {board(record.accounting.edge_device)};
    CHECK_THAT(explained(record, "USA/both"), Contains("central by the device profile, as training, both by measured "
                                                       "inference; no one measurement holds both\n"));
}

TEST_CASE("The same facts are JSON")
{
    auto record = run_with_reductions();
    record.accounting.inference.devices = {board()};
    const auto table = build_table(record, record.accounting);
    const auto json = explain_reduction_json(table, record, *find_reduction(table, "FRA/both"));
    CHECK(json["country"] == "FRA");
    const auto& one_off = json["one_off"];
    REQUIRE(one_off["parts"].size() == 2);
    CHECK(one_off["parts"][1]["lever"] == "quantize");
    CHECK(one_off["parts"][1]["steps"] == 16);
    CHECK(one_off["parts"][1]["device_joules"] == 360);
    CHECK(one_off["device_joules"] == 1080);
    CHECK(one_off["joules"] == 1620);
    CHECK(one_off["gco2e"].get<double>() == Approx(0.018));
    CHECK(json["model"]["one_off_gco2e"] == one_off["gco2e"]);
    CHECK(json["own_model"]["label"] == "central");
    CHECK(json["figures"]["board"]["inference"]["idle_w"]["value"] == 0.004);
    CHECK(json["figures"]["gpu"]["profile"].contains("model_error"));
}

TEST_CASE("A cell names the smaller models of its training, and each is found by its label")
{
    const auto record = run_with_reductions();
    const auto table = build_table(record, record.accounting);
    const auto of = [&](const std::string& cell) { return explain(table, record, find_cell(table, cell)); };
    CHECK_THAT(of("FRA/gpu, PUE 1"),
               Contains("Smaller models, each explained as COUNTRY/LABEL\n"
                        "  FRA/half  prune filters 50 %; one-off on gpu, PUE 1.5 = 1080 J\n"
                        "  FRA/both  prune filters 50 %, int8 per channel; one-off on gpu, PUE 1.5 "
                        "= 1620 J\n"));
    CHECK_THAT(of("USA/fl"), !Contains("Smaller models"));
    CHECK(reduction_names(table) == "USA/half, USA/both");
    CHECK_FALSE(find_reduction(table, "USA/central"));
    CHECK_FALSE(find_reduction(table, "half"));
    CHECK_THROWS_WITH(find_reduction(table, "Peru/half"),
                      "\"Peru\" is no country of the table; the countries are USA, FRA");
    CHECK(find_reduction(table, "FRA/both")->country == 1);
    CHECK(find_reduction(table, "FRA/both")->row == 2);
    const auto figures = explain(table, record, find_cell(table, "USA/gpu, PUE 1"), Figures::shown);
    CHECK_THAT(figures, Contains("Figures of round: "));  // which answers requests
}

TEST_CASE("A request by a serving record is redone by hand: floor, rate, bandwidth and watts by load")
{
    const auto stated = [](double value) {
        return energy::Figure{value, {}, {}, energy::EvidenceLevel::published, "a data sheet"};
    };
    energy::ServingProfile serving;
    serving.id = "gpu";
    serving.boundary = "board";
    serving.rates = {{energy::Arithmetic::fp32, stated(1)}};
    serving.floor_s = stated(0.25);
    serving.memory_gb_s = stated(2);
    serving.idle_w = stated(10);
    serving.busy_w = stated(50);
    auto record = run_with_reductions();
    record.accounting.inference.serving = {serving};
    const auto text = explained(record, "USA/half", Figures::shown);
    INFO(text);
    CHECK_THAT(text, Contains("priced by  serving record\n"));
    CHECK_THAT(text, Contains("0.25 s (floor_s, published) + the longer of 250000000 / (1 x 1e9) s (fp32_gmac_per_s, "
                              "published) and 0 bytes / (2 x 1e9) s (memory_gb_s, published) = 0.5 s\n"));
    CHECK_THAT(text, Contains("50 W (busy_w, published) x 0.5 s = 25 J\n"));
    CHECK_THAT(text,
               Contains("30 W at a load of 50 % (between idle_w 10, published, and busy_w) x 1 device / 1 request a "
                        "second - computing = 5 J\n"));
    CHECK_THAT(text, Contains("(computing + waiting) x PUE 1.5 = 45 J; "));
    CHECK_THAT(text, Contains("Figures of gpu, serving: likely (low to high), standing, source\n"));

    const auto table = build_table(record, record.accounting);
    const auto json = explain_reduction_json(table, record, *find_reduction(table, "USA/half"));
    CHECK(json["figures"]["gpu"]["serving"]["floor_s"]["value"] == 0.25);
}
