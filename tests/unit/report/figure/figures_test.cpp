#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/report/figure/accuracy_curves.hpp"
#include "common/report/figure/energy_by_phase.hpp"
#include "common/report/figure/figure_csv.hpp"
#include "common/report/figure/figure_kinds.hpp"
#include "common/report/figure/grams_by_country.hpp"
#include "common/report/figure/spending.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

run::RoundLine evaluated(const std::string& label, std::uint32_t round, double accuracy)
{
    return {label, round, run::RoundEvaluation{accuracy, 0.3}, 0, 2, Seconds{}};
}

/// One evaluation of `central`; three rounds of `fl`, of which the second was not evaluated.
struct Sample {
    run::RunRecord run = [] {
        auto record = test::run();
        record.trainings[1].outcome.rounds = 3;
        record.trainings[1].work = test::work_of(test::federated_lines(3));
        return record;
    }();
    Accounting accounting = test::accounting();
    Table table = build_table(run, accounting);
    std::vector<run::RoundLine> rounds = {evaluated("central", 1, 0.905),
                                          evaluated("fl", 1, 0.7),
                                          {"fl", 2, std::nullopt, 0, 2, Seconds{}},
                                          evaluated("fl", 3, 0.901)};

    void price() { table = build_table(run, accounting); }
    [[nodiscard]] PlottedRun plotted(const std::string& name = "mine") const { return {name, &table, &run, &rounds}; }
};

Figure of_one(Figure (*make)(std::span<const PlottedRun>), const Sample& sample)
{
    const auto run = sample.plotted();
    return make({&run, 1});
}

const AccuracyCurves& curves(const Figure& figure) { return std::get<AccuracyCurves>(figure.content); }

std::vector<std::string> names(const Figure& figure)
{
    std::vector<std::string> all;
    for (const auto& curve : curves(figure).curves) all.push_back(figure.name(curve.source));
    return all;
}

}  // namespace

TEST_CASE("Accuracy by rounds has a curve for each training and a point for each evaluation")
{
    const auto figure = of_one(accuracy_by_rounds, Sample{});
    CHECK(curves(figure).spent.label() == "Training (rounds; centralized: evaluations)");
    CHECK(names(figure) == std::vector<std::string>{"central", "fl"});
    CHECK(curves(figure).targets == std::vector<double>{0.9});
    CHECK(figure_csv(figure) ==
          "run,name,missed,round,test_accuracy\n"
          "mine,central,,1,0.905\n"
          "mine,fl,,1,0.7\n"
          "mine,fl,,3,0.901\n");
}

TEST_CASE("Accuracy by time, joules and grams is what was spent up to a round, evaluated or not")
{
    const Sample sample;
    // A round takes 17 s, 180 J of the devices and 180 J of the router: 0.0001 kWh, 0.04 g in the first country.
    const auto time = of_one(accuracy_by_time, sample);
    CHECK(names(time) == std::vector<std::string>{"central, gpu", "fl, round"});
    CHECK(curves(time).curves[0].points[0].spent == Approx(10));
    CHECK(curves(time).curves[1].points[1].spent == Approx(51));

    const auto joules = of_one(accuracy_by_joules, sample);
    CHECK(names(joules) == std::vector<std::string>{"gpu, PUE 1.5", "gpu, PUE 1", "fl, round"});
    CHECK(curves(joules).curves[0].points[0].spent == Approx(5400));
    CHECK(curves(joules).curves[2].points[0].spent == Approx(360));
    CHECK(curves(joules).curves[2].points[1].spent == Approx(1080));

    const auto grams = of_one(accuracy_by_grams, sample);
    CHECK(curves(grams).spent.label() == "Emissions, United States (gCO2e)");
    CHECK(curves(grams).curves[0].points[0].spent == Approx(0.6));
    CHECK(curves(grams).curves[2].points[0].spent == Approx(0.04));
    CHECK(curves(grams).curves[2].points[1].spent == Approx(0.12));
}

TEST_CASE("What a column has spent in the end is what its cell says, whatever the assumptions")
{
    Sample sample;
    sample.accounting.raw_data_upload = true;
    sample.accounting.node_places = {sample.accounting.countries[1], std::nullopt};
    sample.accounting.idle = false;
    sample.price();
    for (std::size_t j = 0; j < sample.table.columns.size(); ++j) {
        const auto end = spending(sample.table, j, sample.run).back();
        CHECK(end.energy.count() == Approx(sample.table.columns[j].energy.operational().count()).epsilon(1e-12));
        CHECK(end.emissions.count() == Approx(sample.table.cell(0, j).emissions.operational().count()).epsilon(1e-12));
    }
}

TEST_CASE("A training that missed its target is drawn and named so, and has no value in any country")
{
    Sample sample;
    sample.run.trainings[1].outcome.reached_target = false;
    sample.price();
    CHECK(names(of_one(accuracy_by_joules, sample)).back() == "fl, round: not reached");

    const auto dots = std::get<Dots>(of_one(grams_by_country, sample).content);
    CHECK(dots.groups == std::vector<std::string>{"United States", "France"});
    CHECK(dots.series[0].values[0]->value == Approx(0.6));
    CHECK(dots.series[0].values[1]->value == Approx(0.06));
    CHECK(dots.series[2].source.missed == "not reached");
    CHECK_FALSE(dots.series[2].values[0].has_value());
    CHECK_THAT(figure_csv(of_one(grams_by_country, sample)),
               Contains("run,name,missed,country,gco2e,low_gco2e,high_gco2e\n") &&
                   Contains("mine,\"fl, round\",not reached,France,,,\n"));

    sample.run.trainings[0].outcome.diverged = true;
    sample.price();
    CHECK_THROWS_WITH(of_one(grams_by_country, sample), Contains("no training has reached its target"));
}

TEST_CASE("The parts of a column's energy add up to it")
{
    const Sample sample;
    const auto figure = of_one(energy_by_phase, sample);
    const auto& stacks = std::get<Stacks>(figure.content);
    // Three rounds of: train 80 J, download 32 J, upload 64 J, idle 4 J, network 180 J.
    CHECK(stacks.stacks[2].values[0] == Approx(240));
    CHECK(stacks.stacks[2].values[3] == Approx(12));
    CHECK(stacks.stacks[0].values[4] == Approx(1800));  // half of 3600 J, at PUE 1.5
    for (std::size_t j = 0; j < stacks.stacks.size(); ++j) {
        double sum = 0;
        for (const double value : stacks.stacks[j].values) sum += value;
        CHECK(sum == Approx(sample.table.columns[j].energy.operational().count()));
    }
    CHECK_THAT(figure_csv(figure), Contains("mine,\"gpu, PUE 1.5\",,data centre beside IT (PUE),1800\n"));
}

TEST_CASE("Names of several runs in one figure begin with the run's")
{
    Sample first;
    Sample second;
    const std::vector<PlottedRun> both{first.plotted("seed-1"), second.plotted("seed-2")};
    CHECK(names(accuracy_by_rounds(both)) ==
          std::vector<std::string>{"seed-1: central", "seed-1: fl", "seed-2: central", "seed-2: fl"});

    std::swap(second.accounting.countries[0], second.accounting.countries[1]);
    second.price();
    CHECK_THROWS_WITH(accuracy_by_grams(both),
                      "the first country is United States in seed-1 and France in seed-2; "
                      "give one to all by --countries");
    CHECK(std::get<Dots>(grams_by_country(both).content).groups == std::vector<std::string>{"United States", "France"});
}

TEST_CASE("Evaluations behind an earlier stop are left out, and a run without an accuracy has no curve")
{
    Sample sample;
    sample.run.trainings[1].outcome.rounds = 1;
    sample.run.trainings[1].work = test::work_of(test::federated_lines(1));
    sample.price();
    CHECK(curves(of_one(accuracy_by_grams, sample)).curves[2].points.size() == 1);

    for (auto& line : sample.rounds) line.evaluation.reset();
    CHECK_THROWS_AS(of_one(accuracy_by_grams, sample), SpecError);
    CHECK_THROWS_WITH(of_one(accuracy_by_rounds, sample), Contains("mine: rounds.jsonl has no accuracy"));
}

TEST_CASE("A figure that isn't known is an error with the nearest one")
{
    CHECK(figure_kind("energy-by-phase").name == "energy-by-phase");
    CHECK_THROWS_WITH(figure_kind("acuracy-vs-gco2e"),
                      "--figure: \"acuracy-vs-gco2e\" is not known; did you mean "
                      "accuracy-vs-gco2e? `fedgram plot --list` has them all");
    CHECK_THROWS_WITH(figure_kind("pie"), "--figure: \"pie\" is not known; `fedgram plot --list` has them all");
}
