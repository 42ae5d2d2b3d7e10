#include "common/spec/parse_pruning.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/presum.hpp"

using namespace fedgram;
using namespace fedgram::spec;
using nlohmann::ordered_json;

namespace {

/// The only training of a specification, with these keys, where all federated ones share those of `shared`.
Federated training(const std::string& keys, const std::string& shared = "{}")
{
    const auto experiment =
        parse_experiment(ordered_json::parse(R"({"name": "n", "model": "mlp", "federated": )" + shared +
                                             R"(, "trainings": [{"label": "x", "kind": "federated", )" + keys + "}]}"));
    return std::get<Federated>(experiment.trainings.front().kind);
}

std::string complaint(const std::string& keys)
{
    try {
        (void)training(keys);
    } catch (const SpecError& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("Pruning is all of its keys, each with a default", "[spec]")
{
    CHECK_FALSE(training(R"("nodes": 3)").pruning);
    const auto plain = training(R"("pruning": {}, "max_rounds": 11)").pruning.value();
    CHECK(plain.sparsity == 0.9);
    CHECK(plain.scope == PruningScope::global);
    CHECK(plain.from_round == 1);
    CHECK(plain.to_round == 6);  // the half of 11, rounded up
    CHECK(plain.every_rounds == 1);
    CHECK(training(R"("pruning": {"from_round": 9}, "max_rounds": 10)").pruning->to_round == 9);

    const auto stated = training(R"("pruning": {"sparsity": 0.5, "scope": "layer", "from_round": 2, "to_round": 8,
                                 "every_rounds": 3})")
                            .pruning.value();
    CHECK(stated.sparsity == 0.5);
    CHECK(stated.scope == PruningScope::layer);
    CHECK(stated.from_round == 2);
    CHECK(stated.to_round == 8);
    CHECK(stated.every_rounds == 3);
    CHECK(to_json(stated).dump() == R"({"sparsity":0.5,"scope":"layer","from_round":2,"to_round":8,"every_rounds":3})");
}

TEST_CASE("A training's pruning builds on what all share, by its own rounds, and null takes it away", "[spec]")
{
    const std::string shared = R"({"pruning": {"sparsity": 0.8, "scope": "layer"}, "max_rounds": 20})";
    const auto half = training(R"("pruning": {"sparsity": 0.5}, "max_rounds": 8)", shared).pruning.value();
    CHECK(half.sparsity == 0.5);
    CHECK(half.scope == PruningScope::layer);
    CHECK(half.to_round == 4);
    CHECK(training(R"("nodes": 3)", shared).pruning->to_round == 10);
    CHECK_FALSE(training(R"("pruning": null)", shared).pruning);
}

TEST_CASE("What is wrong in pruning is named with its path, its value and what would be valid", "[spec]")
{
    CHECK(complaint(R"("pruning": 0.9)") == "trainings.x.pruning: 0.9 is not valid; use an object {...}");
    CHECK(complaint(R"("pruning": {"sparsity": 1})") ==
          "trainings.x.pruning.sparsity: 1 is not valid; use a number from 0 to below 1");
    CHECK(complaint(R"("pruning": {"scope": "tensor", "every_rounds": 0})") ==
          "trainings.x.pruning.scope: \"tensor\" is not valid; use one of \"layer\", \"global\"\n"
          "trainings.x.pruning.every_rounds: 0 is not valid; use a whole number from 1 to 4294967295");
    CHECK(complaint(R"("pruning": {"sparsty": 0.5})") ==
          "trainings.x.pruning.sparsty: unknown key; did you mean sparsity?");
    CHECK(complaint(R"("pruning": {"from_round": 5, "to_round": 4})") ==
          "trainings.x.pruning.to_round: 4 is before from_round, 5; use that or a later one");
    CHECK(complaint(R"("max_rounds": 9, "pruning": {"to_round": 10})") ==
          "trainings.x.pruning.to_round: 10 is behind the 9 of max_rounds; use an earlier one, or more max_rounds");
    CHECK(complaint(R"("max_rounds": 9, "pruning": {"from_round": 10})") ==
          "trainings.x.pruning.from_round: 10 is behind the 9 of max_rounds; use an earlier one, or more max_rounds");
    CHECK(complaint(R"("max_rounds": 9, "pruning": {"from_round": 9})") == "none");
}

TEST_CASE("What pruning makes no sense with is refused with the reason", "[spec]")
{
    const auto why = [](const std::string& keys) { return complaint(R"("pruning": {}, )" + keys); };
    CHECK_THAT(why(R"("mode": "buffered")"), Catch::StartsWith("trainings.x.pruning: the nodes of buffered"));
    CHECK_THAT(why(R"("compression": "int8")"), Catch::StartsWith("trainings.x.compression: both sides know"));
    CHECK_THAT(why(R"("download_compression": "int8")"), Catch::StartsWith("trainings.x.download_compression: what a"));
    CHECK_THAT(why(R"("privacy": {"clip": 1, "noise_multiplier": 1, "delta": 0.01})"),
               Catch::StartsWith("trainings.x.privacy: its noise fills"));
    CHECK_THAT(why(R"("secure_aggregation": true)"), Catch::StartsWith("trainings.x.secure_aggregation: a masked"));
    for (const std::string strategy : {"scaffold", "feddyn"})
        CHECK(why(R"("strategy": ")" + strategy + "\"") ==
              "trainings.x.strategy: " + strategy +
                  " corrects the gradients by a term for each parameter, pruned or not; use another strategy, or no "
                  "pruning");
    for (const std::string strategy : {"fedavg", "fedprox", "fedavgm", "fedadam", "fedyogi", "fedadagrad"})
        CHECK(why(R"("strategy": ")" + strategy + "\"") == "none");
}

TEST_CASE("Of a pruned model each node's values are sent, and no sums", "[spec]")
{
    CHECK(may_presum(training(R"("nodes": 3)"), true));
    CHECK_FALSE(may_presum(training(R"("pruning": {}, "presum": "all")"), true));
}
