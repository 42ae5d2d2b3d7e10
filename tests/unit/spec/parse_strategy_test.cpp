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
          "trainings.x.strategy.tau: 0 is not valid; use a number greater than 0");
    CHECK(complaint(R"(, "strategy": {"kind": "fedyogi", "form": "torch"})") ==
          "trainings.x.strategy.form: \"torch\" is not valid; use one of \"paper\", \"flower\", \"keras\", the forms "
          "of fedyogi");
    CHECK_THAT(complaint(R"(, "strategy": {"kind": "fedprox", "beta": 0.9})"),
               Catch::Contains("trainings.x.strategy.beta"));
    CHECK_THAT(complaint(R"(, "strategy": {"kind": "feddyn", "learning_rate": 0.9})"),
               Catch::Contains("trainings.x.strategy.learning_rate"));
}

TEST_CASE("combinations that make no sense are refused with the reason", "[spec]")
{
    const auto why = [](const std::string& keys) { return complaint(", " + keys); };
    CHECK(why(R"("strategy": "scaffold", "momentum": 0.9)") ==
          "trainings.x.momentum: momentum counts a gradient more than once, so that (x - y) / (K rate) is no mean "
          "gradient; use plain sgd with scaffold");
    CHECK_THAT(why(R"("strategy": "scaffold", "optimizer": "adam")"), Catch::StartsWith("trainings.x.optimizer: adam"));
    CHECK_THAT(why(R"("strategy": "scaffold", "weight_decay": 0.1)"), Catch::StartsWith("trainings.x.weight_decay:"));
    CHECK_THAT(why(R"("strategy": "fednova", "optimizer": "adamw")"), Catch::StartsWith("trainings.x.optimizer:"));
    CHECK_THAT(why(R"("strategy": "fednova", "momentum": 0.9, "nesterov": true)"),
               Catch::StartsWith("trainings.x.nesterov:"));
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
