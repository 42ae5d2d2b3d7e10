#include "experiments/sweep/sweep_data.hpp"
#include "experiments/sweep/search_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram::experiments;
using Json = nlohmann::ordered_json;

namespace {

SweepRow row(const std::string& epochs, const std::string& alpha, std::uint64_t seed, double grams, bool reached = true)
{
    SweepRow result;
    result.run = {.name = "local_epochs-" + epochs + "_alpha-" + alpha + "_seed-" + std::to_string(seed),
                  .values = {epochs, alpha, "small-cnn"},
                  .seed = seed,
                  .sets = {}};
    result.training = "fed";
    result.kind = "federated";
    result.reached_target = reached;
    result.best_test_accuracy = 0.75;
    result.rounds = 4;
    result.country = "USA";
    result.column = "fed, jetson-tx2";
    result.spent_gco2e = grams;
    return result;
}

const SweepPlan plan{
    "specs/mine.json",
    {{"federated.local_epochs", {"1", "5"}}, {"federated.partition.alpha", {"0.1", "2"}}, {"model", {"\"small-cnn\""}}},
    {1, 2}};

// Of alpha 2 with 5 epochs, one run missed its target and the other is lacking.
const SweepResults results{{row("1", "0.1", 1, 5), row("1", "0.1", 2, 7), row("1", "2", 1, 2), row("1", "2", 2, 4),
                            row("5", "0.1", 1, 8), row("5", "0.1", 2, 10), row("5", "2", 1, 20, false)},
                           {"local_epochs-5_alpha-2_seed-2"}};

Json map_of(const Json& data, std::size_t one, std::size_t other)
{
    for (const auto& map : data["maps"])
        if (map["axes"] == Json{one, other}) return map["cells"];
    return {};
}

}  // namespace

TEST_CASE("A sweep's data has its axes, without what is the same in all runs")
{
    const auto data = sweep_data(plan, results, std::nullopt, "out", "1.2.3");
    CHECK(data["title"] == "Sweep of mine");
    CHECK(data["axes"].size() == 3);
    CHECK(data["axes"][0] == Json{{"key", "federated.local_epochs"}, {"name", "local_epochs"}, {"values", {"1", "5"}}});
    CHECK(data["axes"][2]["key"] == "seed");
    CHECK(data["fixed"] == Json{"model small-cnn"});
    CHECK(data["lacking"].size() == 1);
    CHECK(data["rows"].size() == 7);
    CHECK(data["rows"][0]["run"] == "runs/local_epochs-1_alpha-0.1_seed-1");
}

TEST_CASE("A cell of a sweep's map is the mean over all other axes of those that reached the target")
{
    const auto data = sweep_data(plan, results, std::nullopt, "out", "1.2.3");
    const auto epochs_by_alpha = map_of(data, 0, 1);
    REQUIRE(epochs_by_alpha.size() == 4);
    CHECK(epochs_by_alpha[0]["at"] == Json{0, 0});
    CHECK(epochs_by_alpha[0]["gco2e"]["mean"] == 6.0);
    CHECK(epochs_by_alpha[3]["at"] == Json{1, 1});
    CHECK(epochs_by_alpha[3]["runs"] == 1);
    CHECK(epochs_by_alpha[3]["reached"] == 0);
    CHECK(epochs_by_alpha[3]["gco2e"].is_null());
    CHECK(epochs_by_alpha[3]["best_test_accuracy"]["mean"] == 0.75);
    // Epochs 5, seed 1: 8 g of alpha 0.1, and the one that missed is in no mean.
    const auto epochs_by_seed = map_of(data, 0, 2);
    CHECK(epochs_by_seed[2]["runs"] == 2);
    CHECK(epochs_by_seed[2]["reached"] == 1);
    CHECK(epochs_by_seed[2]["gco2e"]["mean"] == 8.0);
}

TEST_CASE("A sweep's settings are answered for, and are on the front where no other beats them")
{
    const auto data = sweep_data(plan, results, std::nullopt, "out", "1.2.3");
    CHECK(data["question"] == "Which setting of mine emits least in USA?");
    // 2 and 4 g, mean 3, deviation the root of 2; 5 and 7 g are all above them, 6 / 3 = 2; 9 / 3 = 3.
    REQUIRE(data["answers"].size() == 1);
    CHECK(data["answers"][0] ==
          Json("fed, jetson-tx2: local_epochs 1, alpha 2 emits least, 3.00 ± 1.41 g. Beyond the spread of the seeds, "
               "local_epochs 1, alpha 0.1 emits 2.00 times that (6.00 ± 1.41 g) and, of all the most, local_epochs 5, "
               "alpha 0.1 emits 3.00 times that (9.00 ± 1.41 g). One setting missed the target in a run and is left "
               "out."));
    CHECK(data["notes"] == Json{test_set_note(plan)});
    REQUIRE(data["settings"].size() == 4);
    CHECK(data["settings"][1]["name"] == "local_epochs 1, alpha 2");
    CHECK(data["settings"][1]["values"] == Json{0, 1});
    CHECK(data["settings"][1]["front"] == true);
    CHECK(data["settings"][0]["front"] == false);
    CHECK(data["settings"][3]["spent_gco2e"]["mean"] == 20.0);
    CHECK(data["settings"][3]["gco2e"].is_null());
    CHECK(data["settings"][3]["to_target_gco2e"]["is_lower_bound"] == true);
    CHECK(data["settings"][3]["to_target_gco2e"]["confidence_95"].is_null());
    // By hand: 2 and 4 g: 3 and 12.706 x the root of 2 / the root of 2.
    CHECK(data["settings"][1]["to_target_gco2e"]["confidence_95"]["high"].get<double>() == Approx(15.706).margin(1e-3));
}

TEST_CASE("A sweep without a whole run has nothing to show")
{
    CHECK_THROWS_WITH(sweep_data(plan, {{}, {"a"}}, std::nullopt, "out", "1.2.3"),
                      "out: none of its runs is whole, so there is nothing to show");
    const auto json = sweep_json(plan, results, std::nullopt);
    CHECK(json["keys"].size() == 3);
    CHECK(json["rows"][6]["reached_target"] == false);
    CHECK(json["lacking"][0] == "local_epochs-5_alpha-2_seed-2");
    CHECK(json["settings"].size() == 4);
    CHECK(json["settings"][1]["to_target_gco2e"] ==
          sweep_data(plan, results, std::nullopt, "out", "1.2.3")["settings"][1]["to_target_gco2e"]);
}
