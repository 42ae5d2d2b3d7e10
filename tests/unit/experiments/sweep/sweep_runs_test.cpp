#include "experiments/sweep/sweep_runs.hpp"

#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using nlohmann::ordered_json;

namespace {

SweepPlan plan(const std::string& set, const std::string& more)
{
    return parse_sweep(ordered_json::parse("{\"spec\": \"x\", \"set\": {" + set + "}" + more + "}"));
}

std::string error_of(const std::string& set, const std::string& more)
{
    try {
        static_cast<void>(expand(plan(set, more)));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("A key with a condition is set where it holds, and makes no twins where it doesn't", "[experiments]")
{
    const auto runs = expand(
        plan(R"("kind": ["iid", "dirichlet"], "alpha": {"values": [0.1, 1], "when": {"kind": ["dirichlet"]}})", ""));
    REQUIRE(runs.size() == 3);
    CHECK(runs[0].name == "kind-iid_seed-1");
    CHECK(runs[0].values == std::vector<std::string>{"iid", "-"});
    CHECK(runs[0].sets == std::vector<std::string>{"kind=\"iid\"", "seed=1"});
    CHECK(runs[1].name == "kind-dirichlet_alpha-0.1_seed-1");
}

TEST_CASE("Values that are drawn lie in their ranges, and trial 7 is trial 7 of however many", "[experiments]")
{
    const std::string set = R"("rate": {"log_uniform": [0.001, 0.1]}, "momentum": {"uniform": [0, 0.9]},
        "epochs": {"uniform": [1, 3], "whole": true}, "batch": [8, 16])";
    const auto of = [&](int trials) {
        return settings(plan(set, R"(, "search": {"method": "random", "trials": )" + std::to_string(trials) + "}"));
    };
    const auto many = of(400);
    REQUIRE(many.size() == 400);
    CHECK(std::set(many.begin(), many.end()).size() == 400);
    CHECK(of(8)[7] == many[7]);
    int below = 0;
    std::set<std::string> epochs;
    for (const auto& setting : many) {
        const auto rate = std::stod(*setting[0]);
        CHECK(rate >= 0.001);
        CHECK(rate <= 0.1);
        CHECK(setting[0]->size() <= 9);  // four digits
        below += rate < 0.01;
        epochs.insert(*setting[2]);
    }
    CHECK(below > 150);  // half of them, evenly by the logarithm: 200 with a deviation of 10
    CHECK(below < 250);
    CHECK(epochs == std::set<std::string>{"1", "2", "3"});
}

TEST_CASE("A search draws each setting once, and no more than there are", "[experiments]")
{
    const std::string set = R"("a": [1, 2, 3], "b": [1, 2])";
    CHECK(settings(plan(set, R"(, "search": {"method": "random", "trials": 6})")).size() == 6);
    CHECK(error_of(set, R"(, "search": {"method": "random", "trials": 7})") ==
          "search: draws 7 settings, and set has 6; use fewer trials, more values, or the method grid");
    CHECK(error_of(R"("a": {"uniform": [1, 2], "whole": true})", R"(, "search": {"method": "random", "trials": 3})") ==
          "search: after 2 settings the ranges of set give no new one; use fewer trials, or wider ranges");
    CHECK(trials_of(plan(set, R"(, "search": {"method": "hyperband", "max_rounds": 81, "passes": 2},
                              "objective": {"find": "pareto"})")) == 2 * (81 + 34 + 15 + 8 + 5));
}

TEST_CASE("What is wrong in a search is named", "[experiments]")
{
    const std::string set = R"("a": [1, 2])";
    CHECK(error_of(R"("a": {"uniform": [2, 1]})", "") ==
          "set.a.uniform: [2,1] is not valid; use a list of two numbers, the lower first, such as [0.001, 0.1]");
    CHECK(error_of(R"("a": {"log_uniform": [0, 1]})", "") ==
          "set.a.log_uniform: [0,1] is not valid; use two numbers above 0: others have no logarithm");
    CHECK(error_of(R"("a": {"uniform": [0, 1]})", "") ==
          "set.a: a grid takes lists of values; give search a method that draws from a range, such as "
          R"({"method": "random", "trials": 20})");
    CHECK(error_of(R"("a": [1], "b": {"values": [1], "when": {"a": [2]}})", "") ==
          "set.b.when.a: 2 is none of that key's values, so the condition can't hold");
    CHECK(error_of(R"("b": {"values": [1], "when": {"a": [2]}}, "a": [2])", "") ==
          "set.b.when.a: no key of set that stands before has this name");
    CHECK(error_of(set, R"(, "search": {"method": "luck"})") ==
          "search.method: \"luck\" is not valid; use one of \"grid\", \"random\", "
          "\"successive_halving\", \"hyperband\", \"asha\"");
    CHECK(error_of(set, R"(, "search": {"method": "random"})") == "search.trials: is missing; random needs it");
    CHECK(error_of(set, R"(, "search": {"method": "asha", "trials": 2, "max_rounds": 9})") ==
          "search.workers: is missing; asha needs so many virtual workers, whose order decides what goes on");
    CHECK(error_of(set, R"(, "search": {"method": "hyperband", "max_rounds": 9})") ==
          "objective: is missing; hyperband needs it to tell which settings go on, such as "
          R"({"find": "greenest", "min_accuracy": 0.8})");
    CHECK(error_of(set, R"(, "objective": {"find": "greenest"})") ==
          "objective.min_accuracy: is missing; the greenest setting is the one that reaches this accuracy for the "
          "fewest grams");
    CHECK(error_of(set, R"(, "objective": {"find": "most_accurate"})") ==
          "objective.max_gco2e: is missing; the most accurate setting is the best one that these grams allow");
    CHECK(error_of(set, R"(, "seeds": [1, 2], "budget": {"runs": 1})") ==
          "budget.runs: 1 is less than one setting takes, which is 2 runs, one a seed");
    CHECK(
        error_of(set, R"(, "budget": {"runs": 3, "joules": 1})") ==
        R"(budget: {"runs":3,"joules":1} is not valid; use only one of runs, core_seconds, joules and gco2e, such as {"joules": 1e6})");
}

TEST_CASE("A search doesn't vary what it sets itself, nor what its trials are compared by", "[experiments]")
{
    const std::string greenest = R"(, "objective": {"find": "greenest", "min_accuracy": 0.8})";
    CHECK(error_of(R"("seed": [1, 2])", "") == "set.seed: a sweep has seeds of its own; give them as \"seeds\"");
    CHECK(error_of(R"("accounting.countries": [["USA"], ["FRA"]])", greenest) ==
          "set.accounting.countries: a search compares grams in one country; state it in the specification, or make a "
          "search for each");
    CHECK(error_of(R"("target_accuracy": [0.4, 0.9])", greenest) ==
          "set.target_accuracy: the objective says when a trial stops; leave it out");
    CHECK(error_of(R"("data.validation_share": [0, 0.2])", greenest) ==
          "set.data.validation_share: trials that are judged on different samples can't be compared; state it in the "
          "specification");
    CHECK(error_of(R"("federated.max_rounds": [3, 6])",
                   greenest + R"(, "search": {"method": "hyperband", "max_rounds": 9})") ==
          "set.federated.max_rounds: search.max_rounds says how far trials go; leave it out");
    CHECK(error_of(R"("a": [1], "b": {"values": [1], "when": {}})", "") ==
          "set.b.when: {} is not valid; name a key with a list of its values");
}

TEST_CASE("A sweep that is written down reads back as it was", "[experiments]")
{
    const auto written = plan(
        R"("a": [1, "x"], "b": {"log_uniform": [0.1, 1], "when": {"a": [1]}}, "c": {"uniform": [1, 9], "whole": true})",
        R"(, "seeds": [4, 5], "search": {"method": "asha", "trials": 20, "max_rounds": 27, "eta": 2, "workers": 3},
           "objective": {"find": "most_accurate", "max_gco2e": 0.5, "training": "fl"}, "budget": {"joules": 100})");
    const auto read = parse_sweep(to_json(written));
    CHECK(read.keys == written.keys);
    CHECK(read.seeds == written.seeds);
    CHECK(read.search == written.search);
    CHECK(read.objective == written.objective);
    CHECK(read.budget == written.budget);
}
