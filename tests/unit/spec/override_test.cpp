#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/override.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;
using nlohmann::ordered_json;

namespace {

ordered_json overridden(const std::vector<std::string>& sets)
{
    auto json = ordered_json::parse(R"({
        "name": "mine", "model": "small-cnn", "federated": {"local_epochs": 2},
        "trainings": [{"label": "central", "kind": "centralized"},
                      {"label": "iid", "kind": "federated", "local_epochs": 3, "partition": {"kind": "iid"}},
                      {"label": "noniid", "kind": "federated", "partition": {"kind": "dirichlet", "alpha": 0.5}}]
    })");
    spec::apply_overrides(json, sets);
    return json;
}

spec::Federated federated(const std::vector<std::string>& sets, std::size_t training)
{
    return std::get<spec::Federated>(spec::parse_experiment(overridden(sets)).trainings.at(training).kind);
}

std::string error_of(const std::vector<std::string>& sets)
{
    try {
        static_cast<void>(spec::parse_experiment(overridden(sets)));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a setting of a section beats what each training of its kind says", "[spec]")
{
    CHECK(federated({}, 1).local_epochs == 3);
    CHECK(federated({}, 2).local_epochs == 2);
    CHECK(federated({"federated.local_epochs=5"}, 1).local_epochs == 5);
    CHECK(federated({"federated.local_epochs=5"}, 2).local_epochs == 5);
    CHECK(error_of({"federated.local_epochs=5"}) == "no error");
}

TEST_CASE("a setting of one training beats the section's, in any order, and the later of two counts", "[spec]")
{
    const std::vector<std::string> sets{"trainings.noniid.local_epochs=7", "federated.local_epochs=5",
                                        "federated.local_epochs=6"};
    CHECK(federated(sets, 1).local_epochs == 6);
    CHECK(federated(sets, 2).local_epochs == 7);
}

TEST_CASE("top-level keys are set as they are, with objects made on the way", "[spec]")
{
    const auto json = overridden({"data.normalization.mean=0.5", "model=mlp-32", "target_accuracy=null", "name=a=b"});
    CHECK(json["data"]["normalization"]["mean"] == 0.5);
    CHECK(json["model"] == "mlp-32");
    CHECK(json["target_accuracy"].is_null());
    CHECK(json["name"] == "a=b");
}

TEST_CASE("a partition's kind is set before its parameters and drops those of the kind before", "[spec]")
{
    const std::vector<std::string> sets{"federated.partition.shards_per_node=4", "federated.partition.kind=shards"};
    CHECK(federated(sets, 1).partition.shards_per_node == 4);
    CHECK(federated(sets, 2).partition.kind == spec::PartitionKind::shards);
    const auto same = federated({"trainings.noniid.partition.kind=dirichlet"}, 2).partition;
    CHECK(same.alpha == 0.5);
    CHECK(error_of({"federated.partition.alpha=1"}) == "trainings.iid.partition.alpha: unknown key; use one of kind");
}

TEST_CASE("an aggregation is set whole or key by key, its kind first", "[spec]")
{
    CHECK(federated({"federated.aggregation=median"}, 1).aggregation.kind == spec::AggregationKind::median);
    const auto trimmed =
        federated({"federated.aggregation.trim=0.2", "federated.aggregation.kind=trimmed-mean"}, 2).aggregation;
    CHECK(trimmed.kind == spec::AggregationKind::trimmed_mean);
    CHECK(trimmed.trim == 0.2);
    CHECK(error_of({"federated.aggregation.trim=0.2"}) ==
          "trainings.iid.aggregation.trim: unknown key; use one of kind\n"
          "trainings.noniid.aggregation.trim: unknown key; use one of kind");
}

TEST_CASE("a selection is set whole or key by key, its policy first", "[spec]")
{
    CHECK(federated({"federated.selection=oort"}, 1).selection.policy == spec::SelectionKind::oort);
    const auto capped =
        federated({"federated.selection.max_grams=5", "federated.selection.policy=grams-cap"}, 2).selection;
    CHECK(capped.policy == spec::SelectionKind::grams_cap);
    CHECK(capped.max_grams == 5);
    // A policy of a training's own drops the keys of that which all have.
    const auto replaced = federated({"federated.selection.policy=grams-cap", "federated.selection.max_grams=5",
                                     "trainings.iid.selection.policy=oort", "trainings.iid.selection.cut_off=0.05"},
                                    1)
                              .selection;
    CHECK(replaced.policy == spec::SelectionKind::oort);
    CHECK(replaced.oort.cut_off == 0.05);
}

TEST_CASE("a constant is set beside a word that stands alone, of the training or of its section", "[spec]")
{
    auto json = ordered_json::parse(R"({
        "name": "n", "model": "mlp", "federated": {"max_rounds": 9, "compression": "int8", "strategy": "fedadam"},
        "trainings": [{"label": "a", "kind": "federated", "strategy": "fedprox", "secure_aggregation": true,
                       "compression": "none", "learning_rate_schedule": "cosine"},
                      {"label": "b", "kind": "federated", "selection": "oort", "strategy": "fedadagrad"},
                      {"label": "c", "kind": "federated"}]})");
    spec::apply_overrides(json, {"trainings.a.strategy.mu=0.5", "trainings.a.secure_aggregation.fraction_bits=20",
                                 "trainings.a.learning_rate_schedule.final=0.5", "trainings.b.selection.cut_off=0.5",
                                 "trainings.b.compression.block=64", "trainings.b.strategy.schedule.final=0.25",
                                 "trainings.b.strategy.schedule=linear", "trainings.c.strategy.tau=0.25"});
    const auto experiment = spec::parse_experiment(json);
    const auto training = [&](std::size_t place) {
        return std::get<spec::Federated>(experiment.trainings.at(place).kind);
    };
    CHECK(training(0).strategy.kind == spec::StrategyKind::fedprox);
    CHECK(training(0).strategy.mu == 0.5);
    CHECK(training(0).secure_aggregation->fraction_bits == 20);
    CHECK(training(0).rate_schedule.kind == spec::RateScheduleKind::cosine);
    CHECK(training(0).rate_schedule.final == 0.5);
    CHECK(training(1).selection.policy == spec::SelectionKind::oort);
    CHECK(training(1).selection.oort.cut_off == 0.5);
    CHECK(training(1).compression == spec::Compression{.quantizer = spec::Quantizer::int8, .block = 64});
    CHECK(training(1).strategy.kind == spec::StrategyKind::fedadagrad);
    CHECK(training(1).strategy.schedule.kind == spec::RateScheduleKind::linear);
    CHECK(training(1).strategy.schedule.final == 0.25);
    CHECK(training(2).strategy.kind == spec::StrategyKind::fedadam);
    CHECK(training(2).strategy.tau == 0.25);
    CHECK(training(2).compression.block == 256);
}

TEST_CASE("a strategy is set whole or key by key, its kind first in any order", "[spec]")
{
    const auto set = federated({"federated.strategy.beta2=0.5", "federated.strategy=fedadam"}, 1).strategy;
    CHECK(set.kind == spec::StrategyKind::fedadam);
    CHECK(set.beta2 == 0.5);
    const auto replaced =
        federated({"federated.strategy.mu=0.5", "federated.strategy=fedprox", "trainings.iid.strategy.kind=fedavgm"}, 1)
            .strategy;
    CHECK(replaced.kind == spec::StrategyKind::fedavgm);
    CHECK(error_of({"federated.compression=[\"top-k\", \"int8\"]", "trainings.iid.compression.block=64"}) ==
          "--set trainings.iid.compression.block: compression is no object, but [\"top-k\",\"int8\"]; set it as a "
          "whole");
}

TEST_CASE("a built-in model's width is set though its name alone stands there", "[spec]")
{
    CHECK(overridden({"model.width=0.5"})["model"].dump() == R"({"name":"small-cnn","width":0.5})");
    CHECK(overridden({"model=mlp", "model.parametrization=mup", "model.width=2"})["model"].dump() ==
          R"({"name":"mlp","parametrization":"mup","width":2})");
    CHECK(overridden({"model.name=mlp"})["model"].dump() == R"({"name":"mlp"})");
    CHECK(error_of({"model.width=0.5", "model.parametrization=mup"}) == "no error");
    CHECK(overridden({"model=mlp", "model.start=a.pt", "model.frozen_to=fc1"})["model"].dump() ==
          R"({"name":"mlp","start":"a.pt","frozen_to":"fc1"})");
    CHECK_THAT(error_of({"model.torchscript=a.pt"}), Catch::Contains("model is no object"));
}

TEST_CASE("a setting that can't be carried out is one clear error", "[spec]")
{
    CHECK(error_of({"seed"}) == "--set seed: is not valid; use KEY=VALUE, such as federated.local_epochs=5");
    CHECK_THAT(error_of({"=1"}), Catch::Contains("use KEY=VALUE"));
    CHECK_THAT(error_of({"a..b=1"}), Catch::Contains("empty part"));
    CHECK(error_of({"trainings.fed.nodes=1"}) ==
          "--set trainings.fed.nodes: no training is labelled fed; use one of central, iid, noniid");
    CHECK_THAT(error_of({"federated={}"}), Catch::Contains("name a key of it"));
    CHECK_THAT(error_of({"trainings.iid=1"}), Catch::Contains("name a key of it"));
    CHECK_THAT(error_of({"model.layers.0=1"}), Catch::Contains("model is no object"));
    CHECK(error_of({"title_note=\xff"}) == "--set title_note: is not valid UTF-8");
    CHECK(error_of({"accounting.\xff=1"}) == "--set KEY=VALUE: is not valid UTF-8");
    CHECK(error_of({R"(data={"dataset": "a", "dataset": "b"})"}) ==
          "--set data: the key \"dataset\" stands twice in one object");
    CHECK(error_of({"federated.nodes=0"}) ==
          "trainings.iid.nodes: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "trainings.noniid.nodes: 0 is not valid; use a whole number from 1 to 4294967295");
    CHECK(error_of({"sed=1"}) == "sed: unknown key; did you mean seed?");
}

TEST_CASE("a setting nested too deep is refused before it can exhaust the stack", "[spec]")
{
    constexpr std::size_t levels = 1'000'000;
    CHECK(error_of({"accounting=" + std::string(levels, '[') + std::string(levels, ']')}) ==
          "--set accounting: more than 64 levels of nesting");
    std::string key = "accounting";
    for (std::size_t i = 0; i < levels; ++i) key += ".a";
    CHECK_THAT(error_of({key + "=1"}), Catch::EndsWith("the key has 1000001 parts; use at most 64"));
}

TEST_CASE("all settings that can't be made are told in one answer, a line each", "[spec]")
{
    CHECK(error_of({"seed", "federated=3", "trainings.none.nodes=1"}) ==
          "--set seed: is not valid; use KEY=VALUE, such as federated.local_epochs=5\n"
          "--set federated: name a key of it, such as federated.learning_rate=0.01\n"
          "--set trainings.none.nodes: no training is labelled none; use one of central, iid, noniid");
}
