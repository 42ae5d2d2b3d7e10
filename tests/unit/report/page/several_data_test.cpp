#include "common/report/page/several_data.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/report/page/page.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

/// `fl` takes so many rounds of 0.04 g, 17 s and 360 J each, to the accuracies 0.5, 0.6, ... or `from`, ...
struct Sample {
    Sample(std::uint64_t seed, std::uint32_t rounds_taken, double from = 0.5)
    {
        run.seed = seed;
        run.trainings[1].work = carbon::test::work_of(carbon::test::federated_lines(rounds_taken));
        run.trainings[1].outcome.rounds = rounds_taken;
        table = build_table(run, run.accounting);
        for (std::uint32_t round = 1; round <= rounds_taken; ++round)
            rounds.push_back(
                {"fl", round, run::RoundEvaluation{from + 0.1 * (round - 1), 1}, 0, 2, Seconds{}, std::nullopt});
    }
    [[nodiscard]] PlottedRun plotted(const std::string& folder) const { return {folder, &table, &run, &rounds}; }

    run::RunRecord run = carbon::test::run();
    Table table;
    std::vector<run::RoundLine> rounds;
};

RunOfPage run_of_page(const std::string& folder, RunState state)
{
    RunBudget budget;
    budget.folder = folder;
    budget.state = state;
    budget.seed = 1;
    return {budget, std::nullopt};
}

const std::string version = "1.2.3";

}  // namespace

TEST_CASE("The data of several runs has each cell's mean, and each curve's by round, with all that was spent")
{
    const Sample one{1, 1, 0.5};
    const Sample two{2, 2, 0.7};
    const std::vector<SettingOfPage> settings{{"sample", {one.plotted("a"), two.plotted("b")}}};
    const std::vector<RunOfPage> runs{run_of_page("a", RunState::whole), run_of_page("b", RunState::whole),
                                      run_of_page("c", RunState::unfinished)};
    const auto data = several_data({settings, runs, version});

    CHECK(data["title"] == "gCO2e to train sample to 90.0 % test accuracy, 3 runs");
    CHECK(data["question"] == "Which training of sample to 90.0 % test accuracy emits least?");
    CHECK_THAT(data["answers"][0].get<std::string>(), Contains("fl, round (0.0600 ± 0.0283 g)"));

    const auto& setting = data["settings"][0];
    CHECK(setting["columns"][2] == "fl, round");
    CHECK(setting["runs"] == Json{"a", "b"});
    CHECK(setting["countries"][1] == Json{{"iso3", "FRA"}, {"name", "France"}});
    const auto& cell = setting["table"]["cells"][2];  // 0.04 and 0.08 g
    CHECK(cell["mean_gco2e"].get<double>() == Approx(0.06));
    CHECK(cell["least_gco2e"].get<double>() == Approx(0.04));
    CHECK(cell["most_gco2e"].get<double>() == Approx(0.08));

    // Of `central`, which has no evaluation, and `fl`, by hand: round 1 of both, 0.5 and 0.7; round 2 of seed 2 alone.
    REQUIRE(data["curves"].size() == 2);
    CHECK(data["curves"][0]["round"].empty());
    const auto& curve = data["curves"][1];
    CHECK(curve["column"] == "fl, round");
    CHECK(curve["round"] == Json{1, 2});
    CHECK(curve["seeds"] == Json{2, 1});
    CHECK(curve["test_accuracy"][0].get<double>() == Approx(0.6));
    CHECK(curve["deviation"][0].get<double>() == Approx(0.141421));
    CHECK(curve["deviation"][1].is_null());
    CHECK(curve["least"][0] == 0.5);
    CHECK(curve["most"][0] == 0.7);
    CHECK(curve["virtual_seconds"][1].get<double>() == Approx(34));
    CHECK(curve["joules"][1].get<double>() == Approx(720));
    CHECK(curve["gco2e"][0].get<double>() == Approx(0.04));

    CHECK(data["budget"]["runs"].size() == 3);
    CHECK(data["runs"][1]["setting"] == "sample");
    CHECK(data["runs"][2]["setting"] == "");
    CHECK(data["runs"][2]["machine"].is_null());
}

TEST_CASE("Of several settings each training's first column is answered by itself")
{
    const Sample one{1, 1};
    const Sample two{1, 2};
    const std::vector<SettingOfPage> settings{{"local_epochs 5", {one.plotted("a")}},
                                              {"local_epochs 1", {two.plotted("b")}}};
    const std::vector<RunOfPage> runs{run_of_page("a", RunState::whole), run_of_page("b", RunState::whole)};
    const auto data = several_data({settings, runs, version});
    CHECK(data["question"] == "Which of 2 settings of sample emits least in United States?");
    REQUIRE(data["answers"].size() == 2);
    CHECK(data["answers"][0] == "gpu, PUE 1.5: All settings emit the same, 0.600 g.");
    CHECK(data["answers"][1] ==
          "fl, round: local_epochs 5 emits least, 0.0400 g. local_epochs 1 emits 2.00 times that (0.0800 g); with one "
          "run "
          "of a setting nobody knows the spread of its seeds.");
    CHECK(data["curves"].size() == 4);
}

TEST_CASE("Runs without accuracies have no curves, and what is in their names ends no script")
{
    Sample one{1, 1};
    one.rounds.clear();
    const std::vector<SettingOfPage> settings{{"</script><b>", {one.plotted("a")}}};
    const std::vector<RunOfPage> runs{run_of_page("a", RunState::whole)};
    const auto data = several_data({settings, runs, version});
    CHECK(data["curves"].empty());
    CHECK_THAT(several_page(data), Contains("seeds_answer_section") && !Contains("</script><b>"));
}
