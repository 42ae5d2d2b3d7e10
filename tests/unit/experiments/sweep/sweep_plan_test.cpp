#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "experiments/sweep/sweep_runs.hpp"

using namespace fedgram;
using experiments::expand;
using experiments::parse_sweep;
using nlohmann::ordered_json;

namespace {

std::string error_of(const std::string& text)
{
    try {
        static_cast<void>(expand(parse_sweep(ordered_json::parse(text))));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a sweep becomes a run for every combination of values and seeds", "[experiments]")
{
    const auto runs = expand(parse_sweep(ordered_json::parse(R"({
        "spec": "local-epochs",
        "set": {"federated.local_epochs": [1, 5], "federated.partition.alpha": [0.1, 0.5, 100]},
        "seeds": [7, 8]})")));
    REQUIRE(runs.size() == 2 * 3 * 2);
    CHECK(runs.front().name == "local_epochs-1_alpha-0.1_seed-7");
    CHECK(runs[1].name == "local_epochs-1_alpha-0.1_seed-8");
    CHECK(runs[2].name == "local_epochs-1_alpha-0.5_seed-7");
    CHECK(runs.back().name == "local_epochs-5_alpha-100_seed-8");
    CHECK(runs.back().values == std::vector<std::string>{"5", "100"});
    CHECK(runs.back().sets ==
          std::vector<std::string>{"federated.local_epochs=5", "federated.partition.alpha=100", "seed=8"});
}

TEST_CASE("keys that end alike and values that are no file names give names that are told apart and safe",
          "[experiments]")
{
    const auto runs = expand(parse_sweep(ordered_json::parse(
        R"({"spec": "x", "set": {"federated.batch_size": [8], "centralized.batch_size": [9], "model": ["a/b"]}})")));
    REQUIRE(runs.size() == 1);
    CHECK(runs.front().name == "federated.batch_size-8_centralized.batch_size-9_model-a-b_seed-1");
    CHECK(runs.front().values.at(2) == "a/b");
    CHECK(runs.front().sets.at(2) == "model=\"a/b\"");
}

TEST_CASE("what is wrong in a sweep is named", "[experiments]")
{
    CHECK(error_of(R"({"set": {"a": [1]}})") == "spec: is missing");
    CHECK(error_of(R"({"spec": "x", "set": {}})") ==
          "set: {} is not valid; use an object of lists, such as {\"federated.local_epochs\": [1, 5]}");
    CHECK(error_of(R"({"spec": "x", "set": {"a": 1}})") ==
          "set.a: 1 is not valid; use a list of values, or an object with "
          "values, uniform or log_uniform");
    CHECK(error_of(R"({"spec": "x", "set": {"a": [1]}, "seeds": [-1]})") ==
          "seeds: [-1] is not valid; use a list of whole numbers from 0");
    CHECK(error_of(R"({"spec": "x", "set": {"a": [1]}, "seed": [1]})") == "seed: unknown key; did you mean seeds?");
    CHECK(error_of(R"({"spec": "x", "set": {"a": [1, 2, 1]}})") == "set.a: 1 stands twice; give each value once");
    CHECK_THAT(error_of(R"({"spec": "x", "set": {"a": [1]}, "seeds": [3, 3]})"),
               Catch::StartsWith("two runs would be named a-1_seed-3"));
}

TEST_CASE("values that differ have folders that differ, or are refused", "[experiments]")
{
    const auto runs = expand(parse_sweep(ordered_json::parse(R"({"spec": "x", "set": {"a": [1e30, 1e-30, -1e30]}})")));
    REQUIRE(runs.size() == 3);
    CHECK(runs[0].name == "a-1e30_seed-1");
    CHECK(runs[1].name == "a-1e-30_seed-1");
    CHECK(runs[2].name == "a--1e30_seed-1");
    CHECK(runs[0].sets.front() == "a=1e+30");
    CHECK(error_of(R"({"spec": "x", "set": {"model": ["a b", "a/b"]}})") ==
          "set.model: \"a b\" and \"a/b\" are both a-b in the name of a run's folder; use one of them, or a sweep for "
          "each");
    CHECK(error_of(R"({"spec": "x", "set": {"note": [5, "5"]}})") ==
          "set.note: 5 and \"5\" are both 5 in the name of a run's folder; use one of them, or a sweep for each");
    CHECK(error_of(R"({"spec": "x", "set": {"data.normalization.mean": [[0.1, 0.2], [0.1, -0.2], [0.1, "0.2"]]}})") ==
          "no error");
}

TEST_CASE("a run whose name no file can have is refused", "[experiments]")
{
    CHECK_THAT(error_of(R"({"spec": "x", "set": {"a": [")" + std::string(300, 'x') + R"("]}})"),
               Catch::StartsWith("a run would be named a-xxxx") && Catch::Contains("309 characters long; 240 are"));
}
