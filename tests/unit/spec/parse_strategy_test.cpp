#include "common/spec/parse_strategy.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram::spec;
using nlohmann::ordered_json;

namespace {

/// A spec with one federated training "x", of which `keys` is what else it states.
Experiment parsed(const std::string& keys, const std::string& shared = "{}")
{
    return parse_experiment(ordered_json::parse(R"({"name": "s", "model": "mlp", "federated": )" + shared +
                                                R"(, "trainings": [{"label": "x", "kind": "federated")" + keys +
                                                "}]}"));
}

Federated training(const std::string& keys, const std::string& shared = "{}")
{
    return std::get<Federated>(parsed(keys, shared).trainings[0].kind);
}

std::string complaint(const std::string& keys)
{
    try {
        (void)parsed(keys);
    } catch (const fedgram::SpecError& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("a strategy is a word with the constants of its paper", "[spec]")
{
    CHECK(training("").strategy.is_default());
    CHECK(training(R"(, "strategy": "fedavgm")").strategy.beta1 == 0.9);
    const auto adam = training(R"(, "strategy": "fedadam")").strategy;
    CHECK(adam.kind == StrategyKind::fedadam);
    CHECK(adam.learning_rate == 0.1);
    CHECK(adam.beta1 == 0.9);
    CHECK(adam.beta2 == 0.99);
    CHECK(adam.tau == 1e-3);
    CHECK(adam.form == ServerForm::paper);
    CHECK(training(R"(, "strategy": "fedadagrad")").strategy.beta1 == 0);
    CHECK(training(R"(, "strategy": "fedprox")").strategy.mu == 0.01);
    CHECK(training(R"(, "strategy": "fednova")").strategy.mu == 0);
    CHECK(training(R"(, "strategy": "q-fedavg")").strategy.q == 1);
}

TEST_CASE("a strategy without a kind builds on the shared one, another kind starts anew", "[spec]")
{
    const std::string shared = R"({"strategy": {"kind": "fedadam", "beta1": 0.5, "form": "flower"}})";
    const auto same = training(R"(, "strategy": {"tau": 0.1})", shared).strategy;
    CHECK(same.beta1 == 0.5);
    CHECK(same.tau == 0.1);
    CHECK(same.form == ServerForm::flower);
    const auto other = training(R"(, "strategy": "fedyogi")", shared).strategy;
    CHECK(other.beta1 == 0.9);
    CHECK(other.form == ServerForm::paper);
    CHECK(training(R"(, "strategy": "fedavg")", shared).strategy.is_default());
}

TEST_CASE("what a strategy says is written and read again", "[spec]")
{
    for (const std::string strategy :
         {R"({"kind": "fedavg", "learning_rate": 0.5, "schedule": {"kind": "cosine", "rounds": 7, "final": 0.1}})",
          R"({"kind": "fedavgm", "form": "damped", "beta": 0.8})",
          R"({"kind": "fedadagrad", "beta1": 0.1, "initial_v": 0.1})",
          R"({"kind": "fedyogi", "form": "keras", "beta2": 0.9, "tau": 0.2})", R"({"kind": "fedprox", "mu": 0.3})",
          R"({"kind": "scaffold", "max_memory_mb": 3})", R"({"kind": "fednova", "mu": 0.1})",
          R"({"kind": "feddyn", "alpha": 0.2})", R"({"kind": "q-fedavg", "q": 2})"}) {
        const auto first = parsed(R"(, "momentum": 0, "strategy": )" + strategy);
        const auto json = to_json(first);
        CHECK(json["trainings"][0].contains("strategy"));
        CHECK(to_json(parse_experiment(json)) == json);
    }
    CHECK_FALSE(to_json(parsed(R"(, "strategy": "fedavg")"))["trainings"][0].contains("strategy"));
}

TEST_CASE("local training has a schedule by round, Nesterov, AdamW and a limit of its gradients", "[spec]")
{
    const auto scheduled = training(R"(, "learning_rate_schedule": {"kind": "step", "every": 5, "factor": 0.1},
                                        "momentum": 0.9, "nesterov": true, "gradient_clip": 2)");
    CHECK(scheduled.rate_schedule.every == 5);
    CHECK(scheduled.optimizer.nesterov);
    CHECK(scheduled.optimizer.gradient_clip == 2);
    CHECK(training(R"(, "optimizer": "adamw")").optimizer.kind == OptimizerKind::adamw);
    CHECK(training(R"(, "learning_rate_schedule": "linear")").rate_schedule.kind == RateScheduleKind::linear);
    CHECK(complaint(R"(, "nesterov": true)") ==
          "trainings.x.nesterov: true is not valid; use false, or sgd with a momentum above 0");
    CHECK(complaint(R"(, "optimizer": "adamw", "momentum": 0.9)") ==
          "trainings.x.momentum: 0.9 is not valid; use 0, or leave it out: momentum is for sgd, not for adamw");
    CHECK(complaint(R"(, "learning_rate_schedule": {"kind": "cosine", "warmup_rounds": 5, "rounds": 5})") ==
          "trainings.x.learning_rate_schedule.rounds: 5 is not valid; use more than the 5 of warmup_rounds");
}

TEST_CASE("A training is in float32, or by its key in bf16, whatever its optimizer", "[spec]")
{
    CHECK(training("").optimizer.precision == Precision::float32);
    CHECK(training(R"(, "precision": "bf16")").optimizer.precision == Precision::bf16);
    CHECK(training(R"(, "optimizer": "adam")", R"({"precision": "bf16"})").optimizer.precision == Precision::bf16);
    CHECK(training(R"(, "precision": "float32")", R"({"precision": "bf16"})").optimizer.precision ==
          Precision::float32);
    const auto json = to_json(parsed(R"(, "momentum": 0, "precision": "bf16")"));
    CHECK(json["trainings"][0]["precision"] == "bf16");
    CHECK(to_json(parse_experiment(json)) == json);
    CHECK_FALSE(to_json(parsed(R"(, "precision": "float32")"))["trainings"][0].contains("precision"));
}

TEST_CASE("a local rate that falls to 0 before the last round is refused", "[spec]")
{
    CHECK(complaint(R"(, "max_rounds": 6, "learning_rate_schedule": {"kind": "cosine", "rounds": 3})") ==
          "trainings.x.learning_rate_schedule.rounds: behind round 3 of 6 nodes would train at a rate of 0; use more "
          "rounds, fewer max_rounds, or a final above 0");
    CHECK(complaint(R"(, "max_rounds": 6, "learning_rate_schedule": {"kind": "linear", "rounds": 3, "final": 0.1})") ==
          "none");
    CHECK(
        complaint(R"(, "privacy": {"clip": 1, "noise_multiplier": 1e-12, "delta": 0.001})") ==
        "trainings.x.privacy.noise_multiplier: 1e-12 is not valid; use 0 for no noise, or a number of at least 0.001");
}

TEST_CASE("a strategy's mistakes name the key, the value and what would be right", "[spec]")
{
    CHECK(complaint(R"(, "strategy": "fedsgd")") ==
          "trainings.x.strategy: \"fedsgd\" is not valid; use one of \"fedavg\", \"fedavgm\", \"fedadagrad\", "
          "\"fedadam\", "
          "\"fedyogi\", \"fedprox\", \"scaffold\", \"fednova\", \"feddyn\", \"q-fedavg\"");
    CHECK(complaint(R"(, "strategy": {"kind": "fedadam", "tau": 0})") ==
          "trainings.x.strategy.tau: 0 is not valid; use a number greater than 0 and at most 1000000");
    CHECK(complaint(R"(, "strategy": {"kind": "fedyogi", "form": "torch"})") ==
          "trainings.x.strategy.form: \"torch\" is not valid; use one of \"paper\", \"flower\", \"keras\", the forms "
          "of fedyogi");
    CHECK_THAT(complaint(R"(, "strategy": {"kind": "fedprox", "beta": 0.9})"),
               Catch::Contains("trainings.x.strategy.beta"));
    CHECK_THAT(complaint(R"(, "strategy": {"kind": "feddyn", "learning_rate": 0.9})"),
               Catch::Contains("trainings.x.strategy.learning_rate"));
}

TEST_CASE("a strategy is a word or an object, which needs a kind where there is none to build on", "[spec]")
{
    const std::string words =
        "use one of \"fedavg\", \"fedavgm\", \"fedadagrad\", \"fedadam\", \"fedyogi\", \"fedprox\", "
        "\"scaffold\", \"fednova\", \"feddyn\", \"q-fedavg\", or an object with a kind";
    CHECK(complaint(R"(, "strategy": 3)") == "trainings.x.strategy: 3 is not valid; " + words);
    CHECK(complaint(R"(, "strategy": {})") == "trainings.x.strategy: {} is not valid; " + words);
    CHECK(complaint(R"(, "strategy": {"mu": 0.1})") == "trainings.x.strategy.kind: is missing");
    CHECK(complaint(R"(, "strategy": {"kidn": "fedprox"})") ==
          "trainings.x.strategy.kidn: unknown key; did you mean kind?");
    CHECK(complaint(R"(, "strategy": {"kind": "fedadam", "schedule": []})") ==
          "trainings.x.strategy.schedule: [] is not valid; use one of \"constant\", \"step\", \"cosine\", "
          "\"linear\", or an object with a kind");
}

TEST_CASE("null takes away what all federated trainings share", "[spec]")
{
    const std::string shared = R"({"strategy": {"kind": "fedadam", "schedule": "cosine"}, "compression": "int8",
        "download_compression": "fp16", "gradient_clip": 1, "learning_rate_schedule": "linear", "presum": "off",
        "selection": "by-samples", "aggregation": "median", "feature_skew": {"kind": "noise"},
        "partition": {"kind": "shards"}})";
    const auto of = [&](const char* keys) { return training(keys, shared); };
    CHECK(of(R"(, "strategy": null)").strategy.is_default());
    CHECK(of(R"(, "strategy": {"schedule": null})").strategy.schedule.is_default());
    CHECK(of(R"(, "strategy": {"schedule": null})").strategy.kind == StrategyKind::fedadam);
    CHECK(of(R"(, "compression": null)").compression.is_none());
    CHECK(of(R"(, "download_compression": null)").download_compression.is_none());
    CHECK_FALSE(of(R"(, "gradient_clip": null)").optimizer.gradient_clip);
    CHECK(of(R"(, "learning_rate_schedule": null)").rate_schedule.is_default());
    CHECK(of(R"(, "presum": null)").presum == Presum::local);
    CHECK(of(R"(, "selection": null)").selection.is_default());
    CHECK(of(R"(, "aggregation": null)").aggregation.kind == AggregationKind::mean);
    CHECK(of(R"(, "feature_skew": null)").feature_skew.kind == FeatureSkewKind::none);
    CHECK(of(R"(, "partition": null)").partition.kind == PartitionKind::iid);
    const std::string hidden =
        R"({"secure_aggregation": true, "privacy": {"clip": 1, "noise_multiplier": 1, "delta": 0.01}})";
    CHECK_FALSE(training(R"(, "secure_aggregation": null)", hidden).secure_aggregation);
    CHECK_FALSE(training(R"(, "privacy": null)", hidden).privacy);
    CHECK(training(R"(, "strategy": null)", R"({"strategy": "fedprox"})").strategy.is_default());
}

TEST_CASE("a schedule that can't come to its end is one mistake", "[spec]")
{
    CHECK(complaint(R"(, "learning_rate_schedule": {"kind": "cosine", "rounds": 0})") ==
          "trainings.x.learning_rate_schedule.rounds: 0 is not valid; use a whole number from 1 to 4294967295");
    CHECK(complaint(R"(, "learning_rate_schedule": {"kind": "linear", "rounds": -3, "warmup_rounds": 2})") ==
          "trainings.x.learning_rate_schedule.rounds: -3 is not valid; use a whole number from 1 to 4294967295");
    CHECK_THROWS_WITH(
        training(R"(, "learning_rate_schedule": {"final": 0.5})",
                 R"({"learning_rate_schedule": {"kind": "cosine", "rounds": 0}})"),
        "federated.learning_rate_schedule.rounds: 0 is not valid; use a whole number from 1 to 4294967295");
    CHECK(complaint(R"(, "max_rounds": 10, "learning_rate_schedule": {"kind": "constant", "warmup_rounds": 11})") ==
          "trainings.x.learning_rate_schedule.warmup_rounds: 11 is more than the 10 of max_rounds, which would end "
          "before the rate is whole; use fewer");
    CHECK(complaint(R"(, "max_rounds": 10, "learning_rate_schedule": {"kind": "constant", "warmup_rounds": 10})") ==
          "none");
    CHECK(complaint(R"(, "max_rounds": 10, "strategy": {"kind": "fedadam", "schedule": {"warmup_rounds": 11}})") ==
          "trainings.x.strategy.schedule.warmup_rounds: 11 is more than the 10 of max_rounds, which would end before "
          "the rate is whole; use fewer");
}

TEST_CASE("a training's warm-up is judged by the rounds that its section gives the schedule", "[spec]")
{
    CHECK_THROWS_WITH(training(R"(, "learning_rate_schedule": {"warmup_rounds": 5})",
                               R"({"learning_rate_schedule": {"kind": "linear", "rounds": 5, "final": 0.1}})"),
                      "trainings.x.learning_rate_schedule.warmup_rounds: 5 is not valid; use fewer than the 5 of "
                      "rounds");
}

TEST_CASE("constants that no training has are refused with the most that they may be", "[spec]")
{
    const std::string up_to = " is not valid; use a number greater than 0 and at most 1000000";
    CHECK(complaint(R"(, "learning_rate": 1e40)") == "trainings.x.learning_rate: 1e+40" + up_to);
    CHECK(complaint(R"(, "learning_rate": 1e6)") == "none");
    CHECK(complaint(R"(, "gradient_clip": 1e300)") == "trainings.x.gradient_clip: 1e+300" + up_to);
    CHECK(complaint(R"(, "weight_decay": 1e7)") ==
          "trainings.x.weight_decay: 10000000.0 is not valid; use a number from 0 to 1000000");
    CHECK(complaint(R"(, "strategy": {"kind": "fedavg", "learning_rate": 1e40})") ==
          "trainings.x.strategy.learning_rate: 1e+40" + up_to);
    CHECK(complaint(R"(, "strategy": {"kind": "feddyn", "alpha": 1e40})") ==
          "trainings.x.strategy.alpha: 1e+40" + up_to);
    CHECK(complaint(R"(, "strategy": {"kind": "fedprox", "mu": 1e40})") ==
          "trainings.x.strategy.mu: 1e+40 is not valid; use a number from 0 to 1000000");
    CHECK(complaint(R"(, "aggregation": {"kind": "clipped-mean", "max_norm": 1e40})") ==
          "trainings.x.aggregation.max_norm: 1e+40" + up_to);
}

TEST_CASE("combinations that make no sense are refused with the reason", "[spec]")
{
    const auto why = [](const std::string& keys) { return complaint(", " + keys); };
    CHECK(why(R"("strategy": "scaffold", "momentum": 0.9)") ==
          "trainings.x.momentum: momentum counts a gradient more than once, so that (x - y) / (K rate) is no mean "
          "gradient; use plain sgd with scaffold");
    CHECK_THAT(why(R"("strategy": "scaffold", "optimizer": "adam")"), Catch::StartsWith("trainings.x.optimizer: adam"));
    CHECK_THAT(why(R"("strategy": "scaffold", "weight_decay": 0.1)"), Catch::StartsWith("trainings.x.weight_decay:"));
    CHECK(why(R"("strategy": "fednova", "optimizer": "adamw")") ==
          "trainings.x.optimizer: adamw scales each gradient, and fednova divides each update by how far its steps go, "
          "which it knows of sgd without momentum and with plain momentum; use \"sgd\", or another strategy");
    CHECK(
        why(R"("strategy": "fednova", "momentum": 0.9, "nesterov": true)") ==
        "trainings.x.nesterov: Nesterov's momentum counts gradients otherwise, and fednova divides each update by how "
        "far its steps go, which it knows of sgd without momentum and with plain momentum; use \"nesterov\": false, "
        "or another strategy");
    CHECK(why(R"("strategy": "fednova", "momentum": 0.9)") == "none");
    CHECK_THAT(why(R"("strategy": {"kind": "fednova", "mu": 0.1}, "momentum": 0.9)"),
               Catch::StartsWith("trainings.x.strategy.mu:"));
    CHECK_THAT(why(R"("strategy": "q-fedavg", "aggregation": "median")"),
               Catch::StartsWith("trainings.x.aggregation: q-fedavg"));
    for (const std::string strategy : {"scaffold", "fednova", "feddyn", "q-fedavg"})
        CHECK_THAT(why(R"("mode": "buffered", "strategy": ")" + strategy + "\""),
                   Catch::StartsWith("trainings.x.strategy: " + strategy));
    CHECK(why(R"("mode": "buffered", "strategy": "fedadam")") == "none");
    for (const std::string compression : {R"("top-k")", R"("sign")", R"(["random-k", "int8"])"})
        CHECK(
            why(R"("mode": "buffered", "compression": )" + compression) ==
            "trainings.x.compression.error_feedback: whether a buffered update counts is only known when its node has "
            "begun the next one; state false, or use \"mode\": \"synchronous\"");
    CHECK(why(R"("mode": "buffered", "compression": "int8")") == "none");
    CHECK(why(R"("mode": "buffered", "compression": {"kind": "top-k", "error_feedback": false})") == "none");
    CHECK(why(R"("strategy": "scaffold", "aggregation": "median")") == "none");
}
