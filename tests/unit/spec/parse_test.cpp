#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;
using nlohmann::ordered_json;

namespace {

/// A spec of a user's, with `changes` (a JSON merge patch) made to it.
ordered_json spec_with(const std::string& changes = "{}")
{
    auto json = ordered_json::parse(R"({
        "name": "mine", "seed": 7, "target_accuracy": 0.9, "model": "small-cnn",
        "data": {"normalization": {"mean": 0.286, "standard_deviation": 0.353}},
        "centralized": {"learning_rate": 0.02, "momentum": 0.9, "max_epochs": 3, "linear_decay_epochs": 3},
        "federated": {"nodes": 20, "learning_rate": 0.03, "momentum": 0.9,
                      "partition": {"kind": "dirichlet", "alpha": 0.3}},
        "trainings": [{"label": "central", "kind": "centralized"}, {"label": "fed", "kind": "federated"}]
    })");
    json.merge_patch(ordered_json::parse(changes));
    return json;
}

std::string error_of(const ordered_json& json)
{
    try {
        static_cast<void>(spec::parse_experiment(json));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

spec::Federated only_federated(const std::string& changes)
{
    return std::get<spec::Federated>(spec::parse_experiment(spec_with(changes)).trainings.at(0).kind);
}

}  // namespace

TEST_CASE("a training takes what it doesn't say from the section of its kind, then from the defaults", "[spec]")
{
    const auto experiment =
        spec::parse_experiment(spec_with(R"({"trainings": [{"label": "central", "kind": "centralized", "batch_size": 8},
                                    {"label": "fed", "kind": "federated", "learning_rate": 0.5}]})"));
    CHECK(experiment.name == "mine");
    CHECK(experiment.seed == 7);
    CHECK(experiment.target_accuracy == 0.9);
    CHECK(experiment.data.dataset == "fashion-mnist");
    CHECK(experiment.data.normalization.mean == std::vector{0.286});
    CHECK(experiment.model.name == "small-cnn");
    const auto& central = std::get<spec::Centralized>(experiment.trainings.at(0).kind);
    CHECK(central.batch_size == 8);
    CHECK(central.optimizer.learning_rate == 0.02);
    CHECK(central.linear_decay_epochs == 3.0);
    CHECK_FALSE(central.evaluate_every_samples);
    const auto& federated = std::get<spec::Federated>(experiment.trainings.at(1).kind);
    CHECK(federated.nodes == 20);
    CHECK(federated.optimizer.learning_rate == 0.5);
    CHECK(federated.optimizer.momentum == 0.9);
    CHECK(federated.partition.kind == spec::PartitionKind::dirichlet);
    CHECK(federated.partition.alpha == 0.3);
    CHECK(federated.quorum == 0.5);
    CHECK(federated.silence_deadline_s == 60);
}

TEST_CASE("a training's partition of another kind replaces the shared one, of the same kind amends it", "[spec]")
{
    const auto shards = only_federated(
        R"({"trainings": [{"label": "x", "kind": "federated", "partition": {"kind": "shards", "shards_per_node": 3}}]})");
    CHECK(shards.partition.kind == spec::PartitionKind::shards);
    CHECK(shards.partition.shards_per_node == 3);
    const auto amended =
        only_federated(R"({"trainings": [{"label": "x", "kind": "federated", "partition": {"alpha": 9}}]})");
    CHECK(amended.partition.kind == spec::PartitionKind::dirichlet);
    CHECK(amended.partition.alpha == 9);
}

TEST_CASE("an aggregation is a kind alone or an object, and builds on the shared one of its kind", "[spec]")
{
    const auto plain = only_federated(R"({"trainings": [{"label": "x", "kind": "federated"}]})");
    CHECK(plain.aggregation.kind == spec::AggregationKind::mean);
    CHECK(plain.max_update_norm == 1e4);
    CHECK(only_federated(R"({"federated": {"aggregation": "median"},
                             "trainings": [{"label": "x", "kind": "federated"}]})")
              .aggregation.kind == spec::AggregationKind::median);
    const std::string clipped = R"({"federated": {"aggregation": {"kind": "clipped-mean", "max_norm": 2}},
                                    "trainings": [{"label": "x", "kind": "federated", "aggregation": )";
    CHECK(only_federated(clipped + R"({"max_norm": 3}}]})").aggregation.max_norm == 3);
    const auto trimmed = only_federated(clipped + R"("trimmed-mean"}]})").aggregation;
    CHECK(trimmed.kind == spec::AggregationKind::trimmed_mean);
    CHECK(trimmed.trim == 0.1);
    CHECK(trimmed.max_norm == 0);
}

TEST_CASE("a change of optimizer leaves the other one's momentum behind", "[spec]")
{
    const auto training =
        only_federated(R"({"trainings": [{"label": "x", "kind": "federated", "optimizer": "adam"}]})");
    CHECK(training.optimizer.kind == spec::OptimizerKind::adam);
    CHECK(training.optimizer.momentum == 0);
    CHECK(training.optimizer.learning_rate == 0.03);
}

TEST_CASE("a model is a name, a list of layers or a TorchScript file", "[spec]")
{
    const auto layers = spec::parse_experiment(spec_with(R"({"model": {"name": "mine", "layers": [
        {"kind": "conv2d", "channels": 16, "kernel": 3, "padding": 1}, {"kind": "relu"},
        {"kind": "max_pool2d", "kernel": 2}, {"kind": "avg_pool2d", "kernel": 3, "stride": 1}, {"kind": "tanh"},
        {"kind": "flatten"}, {"kind": "linear", "features": 10}]}})"));
    REQUIRE(layers.model.layers.size() == 7);
    const auto& conv = std::get<spec::Conv2d>(layers.model.layers[0]);
    CHECK(conv.channels == 16);
    CHECK(conv.kernel == 3);
    CHECK(conv.stride == 1);
    CHECK(conv.padding == 1);
    CHECK(std::get<spec::MaxPool2d>(layers.model.layers[2]).stride == 2);
    CHECK(std::get<spec::AvgPool2d>(layers.model.layers[3]).stride == 1);
    CHECK(std::get<spec::Linear>(layers.model.layers[6]).features == 10);
    const auto script = spec::parse_experiment(spec_with(R"({"model": {"torchscript": "mine.pt"}})"));
    CHECK(script.model.torchscript == "mine.pt");
}

TEST_CASE("layers of newer networks are read and written, residuals with the layers inside", "[spec]")
{
    const auto text = R"({"model": {"layers": [
        {"kind": "conv2d", "channels": 8, "kernel": 3, "groups": 4, "bias": false}, {"kind": "batch_norm"},
        {"kind": "relu6"}, {"kind": "group_norm", "groups": 2}, {"kind": "dropout", "probability": 0.25},
        {"kind": "residual", "layers": [{"kind": "residual", "layers": [{"kind": "tanh"}], "shortcut": []}],
         "shortcut": [{"kind": "conv2d", "channels": 8, "kernel": 1}]},
        {"kind": "global_avg_pool2d"}, {"kind": "flatten"}, {"kind": "linear", "features": 10}]}})";
    const auto experiment = spec::parse_experiment(spec_with(text));
    const auto& layers = experiment.model.layers;
    REQUIRE(layers.size() == 9);
    CHECK(std::get<spec::Conv2d>(layers[0]).groups == 4);
    CHECK_FALSE(std::get<spec::Conv2d>(layers[0]).bias);
    CHECK(std::holds_alternative<spec::BatchNorm>(layers[1]));
    CHECK(std::holds_alternative<spec::Relu6>(layers[2]));
    CHECK(std::get<spec::GroupNorm>(layers[3]).groups == 2);
    CHECK(std::get<spec::Dropout>(layers[4]).probability == 0.25);
    const auto& residual = std::get<spec::Residual>(layers[5]);
    REQUIRE(residual.shortcut.size() == 1);
    CHECK(std::get<spec::Conv2d>(residual.shortcut[0]).bias);
    REQUIRE(residual.layers.size() == 1);
    CHECK(std::holds_alternative<spec::Tanh>(std::get<spec::Residual>(residual.layers[0]).layers.at(0)));
    CHECK(std::holds_alternative<spec::GlobalAvgPool2d>(layers[6]));

    const auto json = spec::to_json(experiment);
    CHECK(spec::to_json(spec::parse_experiment(json)) == json);
    CHECK(json["model"]["layers"][0]["groups"] == 4);
    CHECK(json["model"]["layers"][0]["bias"] == false);
    // What says nothing new stays away, so that a specification of before is written as it was.
    CHECK_FALSE(json["model"]["layers"][5]["shortcut"][0].contains("groups"));
    CHECK_FALSE(json["model"]["layers"][5]["shortcut"][0].contains("bias"));
    CHECK_FALSE(json["model"]["layers"][5]["layers"][0].contains("shortcut"));
}

TEST_CASE("mistakes inside residuals are named by their place", "[spec]")
{
    CHECK(error_of(spec_with(R"({"model": {"layers": [{"kind": "residual", "layers": [], "shortcut":
              [{"kind": "dropout", "probability": 1}, {"kind": "residual"}, {"kind": "group_norm"}]}]}})")) ==
          "model.layers[0].layers: [] is not valid; use a list of layers\n"
          "model.layers[0].shortcut[0].probability: 1 is not valid; use a number from 0 to below 1\n"
          "model.layers[0].shortcut[1].layers: is missing\n"
          "model.layers[0].shortcut[2].groups: is missing");
    std::string nested = R"({"kind": "tanh"})";
    for (int depth = 0; depth < 9; ++depth) nested = R"({"kind": "residual", "layers": [)" + nested + "]}";
    CHECK_THAT(error_of(spec_with(R"({"model": {"layers": [)" + nested + "]}}")),
               Catch::Matchers::Contains("use at most 8 residuals inside each other"));
}

TEST_CASE("a model begins with a file, and may leave its first layers as they are", "[spec]")
{
    const auto text = R"({"model": {"name": "small-cnn", "start": "a.pt", "frozen_to": "conv2"}})";
    const auto experiment = spec::parse_experiment(spec_with(text));
    CHECK(experiment.model.start == "a.pt");
    CHECK(experiment.model.frozen_to == "conv2");
    CHECK(to_json(experiment)["model"].dump() == R"({"name":"small-cnn","start":"a.pt","frozen_to":"conv2"})");
    CHECK(spec::parse_experiment(to_json(experiment)).model.start == "a.pt");

    CHECK(
        error_of(spec_with(R"({"model": {"torchscript": "b.pt", "start": "a.pt"}})")) ==
        "model.start: \"a.pt\" is not valid; use it with a built-in model's name or layers; a TorchScript file brings "
        "its own first parameters");
    CHECK(error_of(spec_with(R"({"model": {"name": "small-cnn", "frozen_to": "conv2"}})")) ==
          "model.frozen_to: \"conv2\" is not valid; use it beside start, the file of the model whose layers stay");
    CHECK(error_of(spec_with(
              R"({"model": {"name": "mlp", "start": "a.pt", "frozen_to": "fc1", "parametrization": "mup"}})")) ==
          "model.frozen_to: \"fc1\" is not valid; use it with \"parametrization\": \"standard\"; the rates of muP are "
          "those of a whole model");
    CHECK(
        error_of(spec_with(R"({"engine": "torch", "model": {"name": "mlp", "start": "a.pt", "frozen_to": "fc1"}})")) ==
        "engine: \"torch\" is not valid; use \"native\", which computes what frozen layers give, or leave it out");
    CHECK(error_of(spec_with(R"({"engine": "torch", "model": {"name": "mlp", "start": "a.pt"}})")) == "no error");
    CHECK_THAT(error_of(spec_with(R"({"model": {"name": "mlp", "start": "a.pt", "frozen_to": "fc1"},
                                      "federated": {"feature_skew": {"kind": "noise"}}})")),
               Catch::Contains(".feature_skew: it changes a node's samples before the layers that model.frozen_to"));
}

TEST_CASE("a model has a width and a parametrization, and layers may state their base", "[spec]")
{
    const auto plain = spec::parse_experiment(spec_with(R"({"model": {"name": "small-cnn"}})")).model;
    CHECK(plain.name == "small-cnn");
    CHECK(plain.width == 1);
    CHECK(plain.parametrization == spec::Parametrization::standard);
    CHECK(to_json(spec::parse_experiment(spec_with(R"({"model": {"name": "small-cnn"}})")))["model"] == "small-cnn");

    const auto narrow = spec::parse_experiment(
        spec_with(R"({"model": {"name": "small-cnn", "width": 0.25, "parametrization": "mup"}})"));
    CHECK(narrow.model.width == 0.25);
    CHECK(narrow.model.parametrization == spec::Parametrization::mup);
    CHECK(to_json(narrow)["model"].dump() == R"({"name":"small-cnn","width":0.25,"parametrization":"mup"})");

    // A base of a layer's own size says nothing, and is not written.
    const auto layers = spec::parse_experiment(spec_with(R"({"model": {"parametrization": "mup", "layers": [
        {"kind": "conv2d", "channels": 8, "kernel": 3, "base_channels": 16}, {"kind": "flatten"},
        {"kind": "linear", "features": 4, "base_features": 8}, {"kind": "linear", "features": 10, "base_features": 10}]}})"));
    CHECK(std::get<spec::Conv2d>(layers.model.layers[0]).base_channels == 16);
    CHECK(std::get<spec::Linear>(layers.model.layers[2]).base_features == 8);
    CHECK(to_json(layers)["model"].dump() ==
          R"({"parametrization":"mup","layers":[{"kind":"conv2d","channels":8,"kernel":3,"stride":1,"padding":0,)"
          R"("base_channels":16},{"kind":"flatten"},{"kind":"linear","features":4,"base_features":8},)"
          R"({"kind":"linear","features":10}]})");
}

TEST_CASE("the resolved form has every training in full and reads back equal", "[spec]")
{
    const auto changes = GENERATE(as<std::string>{}, "{}", R"({"target_accuracy": null, "accounting": {"pue": [1.1]}})",
                                  R"({"model": {"layers": [{"kind": "max_pool2d", "kernel": 2}, {"kind": "tanh"},
                                      {"kind": "conv2d", "channels": 2, "kernel": 5, "stride": 2}]}})",
                                  R"({"model": {"name": "mlp", "width": 0.5, "parametrization": "mup"}})",
                                  R"({"model": {"parametrization": "mup", "layers": [{"kind": "flatten"},
                                      {"kind": "linear", "features": 3, "base_features": 6}]}})",
                                  R"({"model": {"torchscript": "a.pt"}, "data": {"train_samples": 60}})",
                                  R"({"federated": {"optimizer": "adam", "momentum": 0, "learning_rate": 0.1}})",
                                  R"({"federated": {"partition": {"kind": "iid_fraction", "alpha": null,
                                                                  "iid_fraction": 0.2}}})",
                                  R"({"federated": {"partition": {"kind": "draws", "samples_per_node": 50}}})",
                                  R"({"federated": {"partition": {"kind": "draws", "samples_per_node": 50,
                                                                  "alpha": 0.1}}})",
                                  R"({"federated": {"aggregation": {"kind": "clipped-mean", "max_norm": 2.5},
                                                    "max_update_norm": 7}})",
                                  R"({"federated": {"aggregation": {"kind": "trimmed-mean", "trim": 0.25,
                                                                    "max_memory_mb": 9}}})",
                                  R"({"data": {"dataset": "cifar10", "stand_in": "synthetic-cifar10",
                                               "normalization": {"mean": [0.4, 0.5, 0.6], "standard_deviation": 0.2}},
                                      "federated": {"evaluate_every_rounds": 10}})",
                                  R"({"federated": {"evaluate_every_virtual_minutes": 0.5}})",
                                  R"({"federated": {"feature_skew": {"kind": "noise", "deviation": 2},
                                                    "node_test_share": 0.2}})",
                                  R"({"federated": {"feature_skew": {"kind": "rotation", "turns": 2}}})",
                                  R"({"title_note": "cut", "seed": 18446744073709551615})");
    const auto resolved = spec::to_json(spec::parse_experiment(spec_with(changes)));
    CHECK_FALSE(resolved.contains("federated"));
    CHECK_FALSE(resolved.contains("centralized"));
    CHECK(spec::to_json(spec::parse_experiment(resolved)).dump() == resolved.dump());
    CHECK(spec::to_json(spec::parse_experiment(spec::parse_json_text(resolved.dump(2), "spec.json"))).dump() ==
          resolved.dump());
}

TEST_CASE("what is wrong in a spec is named with its path, its value and what would be valid", "[spec]")
{
    struct Case {
        std::string changes;
        std::string error;
    };
    const auto [changes, error] = GENERATE(values<Case>({
        {R"({"federated": {"partition": {"alpha": 0}}})",
         "federated.partition.alpha: 0 is not valid; use a number greater than 0"},
        {R"({"federated": {"partition": {"alpha": "nan"}}})",
         "federated.partition.alpha: \"nan\" is not valid; use a number greater than 0"},
        {R"({"federated": {"nodes": 0}})", "federated.nodes: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"nodes": -3}})",
         "federated.nodes: -3 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"nodes": 4294967296}})",
         "federated.nodes: 4294967296 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"nodes": 2.5}})",
         "federated.nodes: 2.5 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"client_fraction": 0}})",
         "federated.client_fraction: 0 is not valid; use a number greater than 0 and at most 1"},
        {R"({"federated": {"round_deadline_s": 1e10}})",
         "federated.round_deadline_s: 10000000000.0 is not valid; use a number greater than 0 and at most 1000000"},
        {R"({"federated": {"node_test_share": 1}})",
         "federated.node_test_share: 1 is not valid; use a number from 0 to below 1"},
        {R"({"federated": {"feature_skew": {"kind": "blur"}}})",
         "federated.feature_skew.kind: \"blur\" is not valid; use one of \"none\", \"noise\", \"rotation\""},
        {R"({"federated": {"feature_skew": {"kind": "noise", "deviation": 0}}})",
         "federated.feature_skew.deviation: 0 is not valid; use a number greater than 0"},
        {R"({"federated": {"feature_skew": {"kind": "rotation", "turns": 3}}})",
         "federated.feature_skew.turns: 3 is not valid; use 2 or 4"},
        {R"({"federated": {"feature_skew": {"kind": "rotation", "deviation": 1}}})",
         "federated.feature_skew.deviation: unknown key; use one of kind, turns"},
        {R"({"federated": {"quorum_wait_s": 1000001}})",
         "federated.quorum_wait_s: 1000001 is not valid; use a number from 0 to 1000000"},
        {R"({"federated": {"momentum": 1}})", "federated.momentum: 1 is not valid; use a number from 0 to below 1"},
        {R"({"federated": {"optimizer": "adam"}})",
         "federated.momentum: 0.9 is not valid; use 0, or leave it out: momentum is for sgd, not for adam"},
        {R"({"federated": {"optimizer": "rmsprop"}})",
         "federated.optimizer: \"rmsprop\" is not valid; use one of \"sgd\", \"adam\", \"adamw\""},
        {R"({"federated": {"local_epoch": 2}})", "federated.local_epoch: unknown key; did you mean local_epochs?"},
        {R"({"federated": {"partition": {"kind": "iid"}}})", "federated.partition.alpha: unknown key; use one of kind"},
        {R"({"federated": {"partition": {"kind": "diric"}}})",
         "federated.partition.kind: \"diric\" is not valid; use one of \"iid\", \"dirichlet\", \"shards\", "
         "\"quantity_skew\", \"iid_fraction\", \"draws\", \"natural\", "
         "\"classes\""},
        {R"({"federated": {"partition": {"kind": "draws", "alpha": null}}})",
         "federated.partition.samples_per_node: is missing"},
        {R"({"federated": {"partition": {"kind": "draws", "samples_per_node": 0}}})",
         "federated.partition.samples_per_node: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"partition": {"kind": "draws", "samples_per_node": 5, "alpha": 0}}})",
         "federated.partition.alpha: 0 is not valid; use a number greater than 0"},
        {R"({"federated": {"partition": {"kind": null}}})", "federated.partition.kind: is missing"},
        {R"({"federated": 3})", "federated: 3 is not valid; use an object {...}"},
        {R"({"centralized": {"device": "tpu"}})", "centralized.device: \"tpu\" is not valid; use one of cpu, cuda"},
        {R"({"centralized": {"device": "cuda"}})",
         "trainings.central.device: \"cuda\" needs \"engine\": \"torch\"; the native engine computes on the processor"},
        {R"({"centralized": {"precision": "fp16"}})",
         "centralized.precision: \"fp16\" is not valid; use one of \"float32\", \"bf16\""},
        {R"({"engine": "torch", "federated": {"precision": "bf16"}})",
         "trainings.fed.precision: \"bf16\" is the native engine's; the engine \"torch\", which alone runs TorchScript "
         "models, trains in float32. Use \"float32\""},
        {R"({"centralized": {"linear_decay_epochs": 0}})",
         "centralized.linear_decay_epochs: 0 is not valid; use a number greater than 0"},
        {R"({"target_accuracy": 1.5})",
         "target_accuracy: 1.5 is not valid; use a number greater than 0 and less than 1"},
        {R"({"target_accuracy": "90%"})",
         "target_accuracy: \"90%\" is not valid; use a number greater than 0 and less than 1"},
        {R"({"target_acuracy": 0.9})", "target_acuracy: unknown key; did you mean target_accuracy?"},
        {R"({"name": "../up"})",
         "name: \"../up\" is not valid; use letters, digits, - and _, beginning with a letter or digit, 64 at most"},
        {R"({"name": null})", "name: is missing"},
        {R"({"seed": 0.5})", "seed: 0.5 is not valid; use a whole number from 0 to 18446744073709551615"},
        {R"({"engine": "tensorflow"})", "engine: \"tensorflow\" is not valid; use one of \"native\", \"torch\""},
        {R"({"engine": "native", "model": {"torchscript": "mine.pt"}})",
         "engine: \"native\" is not valid; use \"torch\", which alone runs a TorchScript model, or leave it out"},
        {R"({"stop": {"evaluations_in_a_row": 0}})",
         "stop.evaluations_in_a_row: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"title_note": "a\nb"})", "title_note: \"a\\nb\" is not valid; use a text without control characters"},
        {R"({"data": {"normalization": {"standard_deviation": 0}}})",
         "data.normalization.standard_deviation: 0 is not valid; use a number greater than 0"},
        {R"({"data": {"normalization": {"mean": []}}})",
         "data.normalization.mean: [] is not valid; use a number, or a list of such"},
        {R"({"data": {"normalization": {"standard_deviation": [0.2, 0]}}})",
         "data.normalization.standard_deviation: [0.2,0] is not valid; use a number greater than 0"},
        {R"({"data": {"normalization": {"mean": [[0.2]]}}})",
         "data.normalization.mean: [[0.2]] is not valid; use a number"},
        {R"({"federated": {"evaluate_every_rounds": 0}})",
         "federated.evaluate_every_rounds: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"evaluate_every_rounds": 5, "evaluate_every_virtual_minutes": 10}})",
         "federated.evaluate_every_virtual_minutes: 10 is not valid; use one of it and evaluate_every_rounds"},
        {R"({"federated": {"partial_work": true}})",
         "trainings.fed.partial_work: no deadline cuts a node's work short; state virtual_deadline_s, or leave it out"},
        {R"({"model": null})", "model: is missing"},
        {R"({"model": ""})", "model: \"\" is not valid; use a built-in model's name"},
        {R"({"model": {"layers": []}})", "model.layers: [] is not valid; use a list of layers"},
        {R"({"model": {"name": ""}})",
         "model: {\"name\":\"\"} is not valid; use a built-in model's name, or one of layers and torchscript"},
        {R"({"model": {"width": 2}})",
         "model: {\"width\":2} is not valid; use a built-in model's name, or one of layers and torchscript"},
        {R"({"model": {"name": "mlp", "width": 0}})",
         "model.width: 0 is not valid; use a number greater than 0 and at most 1024"},
        {R"({"model": {"name": "mlp", "width": 1e9}})",
         "model.width: 1000000000.0 is not valid; use a number greater than 0 and at most 1024"},
        {R"({"model": {"name": "x", "width": 2, "layers": [{"kind": "flatten"}]}})",
         "model.width: 2 is not valid; use it with a built-in model's name alone; layers and a TorchScript file say "
         "their own sizes"},
        {R"({"model": {"name": "mlp", "parametrization": "mu-p"}})",
         "model.parametrization: \"mu-p\" is not valid; use one of \"standard\", \"mup\""},
        {R"({"model": {"torchscript": "a.pt", "parametrization": "mup"}})",
         "model.parametrization: \"mup\" is not valid; use \"standard\"; a TorchScript file says nothing of its "
         "layers' "
         "base sizes, which muP needs"},
        {R"({"model": {"layers": [{"kind": "linear", "features": 4, "base_features": 0}]}})",
         "model.layers[0].base_features: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"model": {"layers": [{"kind": "relu"}, {"kind": "linear"}]}})", "model.layers[1].features: is missing"},
        {R"({"model": {"layers": [{"kind": "relu", "features": 3}]}})",
         "model.layers[0].features: unknown key; use one of kind"},
        {R"({"model": {"layers": [{"kind": "max_pool2d", "kernel": 0}]}})",
         "model.layers[0].kernel: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"trainings": []})", "trainings: [] is not valid; use a list of at least one training"},
        {R"({"trainings": [{"labl": "x", "kind": "federated"}]})",
         "trainings[0].labl: unknown key; did you mean label?"},
        {R"({"trainings": [{"label": "a b", "kind": "federated"}]})",
         "trainings[0].label: \"a b\" is not valid; use letters, digits, - and _, beginning with a letter or digit, "
         "64 at most"},
        {R"({"trainings": [{"label": "x", "kind": "fed"}]})",
         "trainings.x.kind: \"fed\" is not valid; use one of \"centralized\", \"federated\""},
        {R"({"trainings": [{"label": "x", "kind": "federated"}, {"label": "x", "kind": "federated"}]})",
         "trainings[1].label: \"x\" stands twice; use a label of its own for each training"},
        {R"({"trainings": [{"label": "x", "kind": "federated", "max_epochs": 3}]})",
         "trainings.x.max_epochs: unknown key; use one of aggregation, batch_size, buffered, client_fraction, "
         "compression, "
         "download_compression, evaluate_every_rounds, evaluate_every_virtual_minutes, feature_skew, fleet, goal, "
         "gradient_clip, kind, label, last_batch, learning_rate, learning_rate_schedule, local_epochs, max_rounds, "
         "max_update_norm, mode, momentum, nesterov, node_test_share, nodes, optimizer, partial_work, partition, "
         "precision, presum, privacy, pruning, quorum, quorum_wait_s, rejoin_wait_s, round_deadline_s, "
         "secure_aggregation, "
         "selection, silence_deadline_s, start, strategy, virtual_deadline_s, weight_decay"},
        {R"({"federated": {"presum": "remote"}})",
         "federated.presum: \"remote\" is not valid; use one of \"off\", \"local\", \"all\""},
        {R"({"federated": {"aggregation": "average"}})",
         "federated.aggregation: \"average\" is not valid; use one of \"mean\", \"clipped-mean\", \"median\", "
         "\"trimmed-mean\""},
        {R"({"federated": {"aggregation": 3}})",
         "federated.aggregation: 3 is not valid; use one of \"mean\", \"clipped-mean\", \"median\", "
         "\"trimmed-mean\", or an object with a kind"},
        {R"({"federated": {"aggregation": "clipped-mean"}})", "federated.aggregation.max_norm: is missing"},
        {R"({"federated": {"aggregation": {"kind": "clipped-mean", "max_norm": 0}}})",
         "federated.aggregation.max_norm: 0 is not valid; use a number greater than 0 and at most 1000000"},
        {R"({"federated": {"aggregation": {"kind": "median", "trim": 0.1}}})",
         "federated.aggregation.trim: unknown key; use one of kind, max_memory_mb"},
        {R"({"federated": {"aggregation": {"kind": "trimmed-mean", "trim": 0.5}}})",
         "federated.aggregation.trim: 0.5 is not valid; use a number from 0 to below 0.5"},
        {R"({"federated": {"nodes": 2, "aggregation": "trimmed-mean"}})",
         "trainings.fed.aggregation.trim: 0.1 cuts 1 off at each end of a cohort of 2, which leaves none; use a "
         "smaller share or a larger cohort"},
        {R"({"federated": {"max_update_norm": 0}})",
         "federated.max_update_norm: 0 is not valid; use a number greater than 0"},
        {R"({"accounting": [1]})", "accounting: [1] is not valid; use an object {...}"},
    }));
    CHECK(error_of(spec_with(changes)) == error);
}

TEST_CASE("a spec that is no object is refused", "[spec]")
{
    CHECK(error_of(ordered_json::parse("[1, 2]")) == "the specification: [1,2] is not valid; use an object {...}");
}

TEST_CASE("what becomes of a last batch is a word of each kind of training", "[spec]")
{
    const auto experiment = spec::parse_experiment(
        spec_with(R"({"centralized": {"last_batch": "merge"}, "federated": {"last_batch": "drop"},
        "trainings": [{"label": "c", "kind": "centralized"}, {"label": "f", "kind": "federated"},
                      {"label": "k", "kind": "federated", "last_batch": "keep"}]})"));
    CHECK(std::get<spec::Centralized>(experiment.trainings[0].kind).last_batch == spec::LastBatch::merge);
    CHECK(std::get<spec::Federated>(experiment.trainings[1].kind).last_batch == spec::LastBatch::drop);
    CHECK(std::get<spec::Federated>(experiment.trainings[2].kind).last_batch == spec::LastBatch::keep);
    CHECK(spec::to_json(spec::parse_experiment(spec::to_json(experiment))) == spec::to_json(experiment));
}

TEST_CASE("all mistakes of a spec are told in one answer, a line each", "[spec]")
{
    const auto error = error_of(spec_with(R"({
        "seed": -1, "colour": "red", "stop": {"evaluations": 2}, "model": 3,
        "data": {"normalization": 5},
        "centralized": {"batch_size": 0, "optimizer": "adam", "momentum": 0.9, "device": "tpu"},
        "federated": {"noeds": 3, "quorum": 2, "partition": {"kind": "diriclet"}, "aggregation": "mode"},
        "trainings": [{"label": "central", "kind": "centralized", "max_epochs": 0},
                      {"label": "fed", "kind": "federal"}, {"kind": "federated"}]})"));
    CHECK(error ==
          "seed: -1 is not valid; use a whole number from 0 to 18446744073709551615\n"
          "stop.evaluations: unknown key; use one of evaluations_in_a_row\n"
          "data.normalization: 5 is not valid; use an object {...}\n"
          "model: 3 is not valid; use a built-in model's name, or an object with layers or torchscript\n"
          "centralized.batch_size: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "centralized.momentum: 0.9 is not valid; use 0, or leave it out: momentum is for sgd, not for adam\n"
          "centralized.device: \"tpu\" is not valid; use one of cpu, cuda\n"
          "federated.partition.kind: \"diriclet\" is not valid; use one of \"iid\", \"dirichlet\", \"shards\", "
          "\"quantity_skew\", \"iid_fraction\", \"draws\", \"natural\", \"classes\"\n"
          "federated.quorum: 2 is not valid; use a number greater than 0 and at most 1\n"
          "federated.aggregation: \"mode\" is not valid; use one of \"mean\", \"clipped-mean\", \"median\", "
          "\"trimmed-mean\"\n"
          "federated.noeds: unknown key; did you mean nodes?\n"
          "trainings.central.max_epochs: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "trainings.fed.kind: \"federal\" is not valid; use one of \"centralized\", \"federated\"\n"
          "trainings[2].label: is missing\n"
          "colour: unknown key; use one of accounting, centralized, data, engine, federated, model, name, reductions, "
          "seed, stop, target_accuracy, title_note, trainings");
}

TEST_CASE("all mistakes of a model are told in one answer, a line each", "[spec]")
{
    CHECK(error_of(
              spec_with(R"({"engine": "native", "model": {"name": 3, "torchscript": "mine.pt", "layer": 1, "layers": [
              {"kind": "conv2d", "chanels": 3, "kernel": 0, "padding": -1}, {"kind": "rellu", "features": 3},
              {"kind": "max_pool2d"}, 7]}})")) ==
          "model.name: 3 is not valid; use a text without control characters\n"
          "model.layers[0].chanels: unknown key; did you mean channels?\n"
          "model.layers[0].kernel: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "model.layers[0].padding: -1 is not valid; use a whole number from 0 to 4294967295\n"
          "model.layers[1].kind: \"rellu\" is not valid; use one of \"conv2d\", \"linear\", \"relu\", \"tanh\", "
          "\"max_pool2d\", \"avg_pool2d\", \"flatten\", \"batch_norm\", \"group_norm\", \"global_avg_pool2d\", "
          "\"dropout\", \"relu6\", \"residual\"\n"
          "model.layers[2].kernel: is missing\n"
          "model.layers[3]: 7 is not valid; use an object {...}\n"
          "model.layer: unknown key; did you mean layers?\n"
          "model: {\"name\":3,\"torchscript\":\"mine.pt\",\"layer\":1,\"layers\":[{\"kind... is not valid; use exactly "
          "one of "
          "layers and torchscript");
}

TEST_CASE("all mistakes of a partition or an aggregation are told in one answer, a line each", "[spec]")
{
    CHECK(error_of(spec_with(R"({"federated": {
              "partition": {"kind": "draws", "alpha": 0, "sampels": 3},
              "aggregation": {"kind": "trimmed-mean", "trim": 0.7, "max_memory_mb": 0, "max_norm": 1}}})")) ==
          "federated.partition.samples_per_node: is missing\n"
          "federated.partition.alpha: 0 is not valid; use a number greater than 0\n"
          "federated.partition.sampels: unknown key; use one of alpha, kind, samples_per_node\n"
          "federated.aggregation.trim: 0.7 is not valid; use a number from 0 to below 0.5\n"
          "federated.aggregation.max_memory_mb: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "federated.aggregation.max_norm: unknown key; use one of kind, max_memory_mb, trim");
}

TEST_CASE("the devices of several trainings that need another engine are told in one answer", "[spec]")
{
    const auto twice = spec_with(R"({"centralized": {"device": "cuda"}, "trainings": [
        {"label": "a", "kind": "centralized"}, {"label": "b", "kind": "centralized"}]})");
    const std::string way_out = "\"cuda\" needs \"engine\": \"torch\"; the native engine computes on the processor";
    CHECK(error_of(twice) == "trainings.a.device: " + way_out + "\ntrainings.b.device: " + way_out);
}

TEST_CASE("what follows from a mistake is no mistake of its own", "[spec]")
{
    struct Case {
        std::string changes;
        std::string error;
    };
    const auto [changes, error] = GENERATE(values<Case>({
        // What a partition or an aggregation without a kind builds on.
        {R"({"federated": {"partition": {"kind": "diric"}},
             "trainings": [{"label": "f", "kind": "federated", "partition": {"alpha": 0.5}}]})",
         "federated.partition.kind: \"diric\" is not valid; use one of \"iid\", \"dirichlet\", \"shards\", "
         "\"quantity_skew\", \"iid_fraction\", \"draws\", \"natural\", \"classes\""},
        {R"({"federated": {"partition": {"kind": "draws", "samples_per_node": -1, "alpha": null}},
             "trainings": [{"label": "f", "kind": "federated", "partition": {"alpha": 0.5}}]})",
         "federated.partition.samples_per_node: -1 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"federated": {"aggregation": "mode"},
             "trainings": [{"label": "f", "kind": "federated", "aggregation": {"trim": 0.2}}]})",
         "federated.aggregation: \"mode\" is not valid; use one of \"mean\", \"clipped-mean\", \"median\", "
         "\"trimmed-mean\""},
        // The cohort by which a trim is judged.
        {R"({"federated": {"nodes": 0, "client_fraction": 0.1, "aggregation": {"kind": "trimmed-mean", "trim": 0.4}}})",
         "federated.nodes: 0 is not valid; use a whole number from 1 to 4294967295"},
        // The optimizer by which a momentum is judged.
        {R"({"federated": {"optimizer": "adam", "momentum": 0},
             "trainings": [{"label": "f", "kind": "federated", "optimizer": "sdg", "momentum": 0.9}]})",
         "trainings.f.optimizer: \"sdg\" is not valid; use one of \"sgd\", \"adam\", \"adamw\""},
        // The engine by which a device is judged, which may be the model's.
        {R"({"engine": "trch", "centralized": {"device": "cuda"}})",
         "engine: \"trch\" is not valid; use one of \"native\", \"torch\""},
        {R"({"model": {"torchscript": 3}, "centralized": {"device": "cuda"}})",
         "model.torchscript: 3 is not valid; use a text without control characters"},
        // A key that is lacking, when it is misspelt.
        {R"({"model": {"layer": []}})", "model.layer: unknown key; did you mean layers?"},
        // One value, judged twice.
        {R"({"name": 5})",
         "name: 5 is not valid; use letters, digits, - and _, beginning with a letter or digit, 64 at most"},
        {R"({"model": "a\u0001b"})", "model: \"a\\u0001b\" is not valid; use a text without control characters"},
    }));
    CHECK(error_of(spec_with(changes)) == error);
}

TEST_CASE("a misspelt key that a spec must have is one mistake", "[spec]")
{
    auto json = spec_with();
    json["nam"] = json["name"];
    json.erase("name");
    CHECK(error_of(json) == "nam: unknown key; did you mean name?");
}
