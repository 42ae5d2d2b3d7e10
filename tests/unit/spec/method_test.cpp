#include "common/spec/method.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/spec/parse.hpp"

using namespace fedgram;
using namespace fedgram::spec;
using nlohmann::ordered_json;

namespace {

/// A federated training with these keys, as parsed and in the resolved specification.
struct Parsed {
    explicit Parsed(const std::string& keys)
    {
        auto training = ordered_json::parse(keys);
        training.update({{"label", "f"}, {"kind", "federated"}});
        const auto experiment =
            parse_experiment({{"name", "n"}, {"model", "mlp"}, {"trainings", {std::move(training)}}});
        rule = std::get<Federated>(experiment.trainings.front().kind);
        json = to_json(experiment).at("trainings").at(0);
    }

    Federated rule;
    ordered_json json;
};

std::string words(const std::string& strategy)
{
    const auto methods = methods_of(Parsed{R"({"strategy": )" + strategy + "}"}.rule);
    REQUIRE(methods.size() == 1);
    CHECK(methods.front().method == Method::strategy);
    CHECK_FALSE(methods.front().source.empty());
    return methods.front().what;
}

}  // namespace

TEST_CASE("A strategy is told with its form and all constants that decide", "[spec]")
{
    CHECK(words(R"({"kind": "fedavg", "learning_rate": 0.5})") == "FedAvg, server rate 0.5");
    CHECK(words(R"({"kind": "fedavg", "schedule": "cosine"})") == "FedAvg, server rate 1 (cosine)");
    CHECK(words(R"("fedavgm")") == "FedAvgM, paper's form, server rate 1, beta 0.9");
    CHECK(words(R"({"kind": "fedavgm", "form": "damped"})") == "FedAvgM, damped, server rate 1, beta 0.9");
    CHECK(words(R"("fedadam")") == "FedAdam, paper's form, server rate 0.1, beta1 0.9, beta2 0.99, tau 0.001");
    CHECK(words(R"({"kind": "fedyogi", "form": "keras", "initial_v": 0.01})") ==
          "FedYogi, keras's form, server rate 0.1, beta1 0.9, beta2 0.99, tau 0.001, v from 0.01");
    CHECK(words(R"("fedadagrad")") == "FedAdagrad, paper's form, server rate 0.1, beta1 0, tau 0.001");
    CHECK(words(R"("fedprox")") == "FedProx, mu 0.01");
    CHECK(words(R"("scaffold")") == "SCAFFOLD");
    CHECK(words(R"("fednova")") == "FedNova");
    CHECK(words(R"({"kind": "fednova", "mu": 0.1})") == "FedNova, mu 0.1");
    CHECK(words(R"("feddyn")") == "FedDyn, alpha 0.01");
    CHECK(words(R"({"kind": "q-fedavg", "q": 2, "learning_rate": 2})") == "q-FedAvg, server rate 2, q 2");
}

TEST_CASE("Local training is told by what differs from SGD at one rate, and makes no method", "[spec]")
{
    const auto local = [](const char* keys) {
        const Parsed parsed{keys};
        CHECK(is_plain_fedavg(parsed.rule));
        CHECK(is_plain_fedavg(parsed.json));
        return local_training_words(parsed.json, "trainings[0]");
    };
    CHECK(local(R"({"learning_rate": 0.3, "local_epochs": 2})").empty());
    CHECK(local(R"({"optimizer": "adam"})") == "Adam");
    CHECK(local(R"({"optimizer": "adamw", "weight_decay": 0.01})") == "AdamW, weight decay 0.01");
    CHECK(local(R"({"momentum": 0.9})") == "momentum 0.9");
    CHECK(local(R"({"momentum": 0.9, "nesterov": true})") == "Nesterov momentum 0.9");
    CHECK(local(R"({"gradient_clip": 1, "learning_rate_schedule": "cosine"})") == "gradient clip 1, cosine rate");
    CHECK(local(R"({"precision": "bf16", "learning_rate_schedule": "linear"})") == "bf16 products, linear rate");
    CHECK(local(R"({"learning_rate_schedule": {"kind": "linear", "warmup_rounds": 2}})") ==
          "linear rate with a warm-up");
    CHECK(local(R"({"learning_rate_schedule": {"kind": "constant", "warmup_rounds": 2}})") == "rate with a warm-up");

    // A resolved specification from before there was more than SGD.
    CHECK(local_training_words(ordered_json::parse(R"({"learning_rate": 0.1, "momentum": 0})"), "t").empty());
    CHECK_THROWS_WITH(local_training_words(ordered_json::parse(R"({"optimizer": "lion"})"), "t"),
                      Catch::StartsWith("t.optimizer: \"lion\" is not valid; use "));
}

TEST_CASE("Pruning is told with how far it goes, and when", "[spec]")
{
    const auto pruning = [](const char* keys) {
        const auto methods = methods_of(Parsed{keys}.rule);
        REQUIRE(methods.size() == 1);
        CHECK(methods.front().method == Method::pruning);
        CHECK(name(methods.front().method) == "pruning");
        CHECK_FALSE(methods.front().on_the_wire.empty());
        return methods.front().what;
    };
    CHECK(pruning(R"({"pruning": {}, "max_rounds": 30})") == "pruning to 90 %, from round 1 to 15");
    CHECK(pruning(R"({"pruning": {"sparsity": 0.55, "scope": "layer", "from_round": 4, "to_round": 4}})") ==
          "pruning to 55 % of each layer, behind round 4");
}

TEST_CASE("Privacy is told with who clips, and the coordinator's work with what it then does", "[spec]")
{
    const auto privacy = [](const std::string& clip, const char* others) {
        const Parsed parsed{R"({"privacy": {"noise_multiplier": 1, "delta": 0.001, "clip": )" + clip + "}" + others +
                            "}"};
        const auto words = methods_of(parsed.rule).front();
        CHECK(words.method == Method::privacy);
        return words;
    };
    const std::string clipping =
        "6 FLOPs and 16 bytes of memory traffic for each parameter and update, for norm and clip";
    const std::string noise = "100 FLOPs and 16 bytes of memory traffic for each parameter and round, for the noise";
    const auto alone = privacy("0.5", "");
    CHECK(alone.what == "DP-FedAvg, noise 1, delta 0.001, clip 0.5");
    CHECK(alone.at_nodes.empty());
    CHECK(alone.at_coordinator == clipping + "; " + noise);
    const auto adaptive = privacy("\"adaptive\"", R"(, "nodes": 100)");
    CHECK(adaptive.what == "DP-FedAvg, noise 1, delta 0.001, adaptive clip, from 0.1");
    CHECK(adaptive.at_coordinator == clipping + "; " + noise);
    const auto masked = privacy("0.5", R"(, "secure_aggregation": true)");
    CHECK(masked.what == "DP-FedAvg, noise 1, delta 0.001, clip 0.5 at the nodes");
    CHECK(masked.at_nodes == "norm and clip, which aren't counted");
    CHECK(masked.at_coordinator == noise);
}

TEST_CASE("Plain FedAvg is told alike from a training and from its resolved JSON", "[spec]")
{
    const auto check = [](const char* keys, bool is_plain) {
        CAPTURE(keys);
        const Parsed parsed{keys};
        CHECK(is_plain_fedavg(parsed.rule) == is_plain);
        CHECK(is_plain_fedavg(parsed.json) == is_plain);
        CHECK(methods_of(parsed.rule).empty() == is_plain);
    };
    check("{}", true);
    check(R"({"strategy": "fedavg", "aggregation": "median", "mode": "buffered"})", true);
    check(R"({"strategy": {"kind": "fedavg", "learning_rate": 0.5}})", false);
    check(R"({"strategy": {"kind": "fedprox", "mu": 0}})", false);
    check(R"({"pruning": {"sparsity": 0.5}})", false);
}

TEST_CASE("Trainings share a setting where nothing but their methods, names and this host's patience differ", "[spec]")
{
    const auto setting = [](const char* keys) { return setting_beside_methods(Parsed{keys}.json); };
    const auto plain = setting("{}");
    CHECK(setting(R"({"pruning": {}})") == plain);
    CHECK(setting(R"({"strategy": "scaffold", "round_deadline_s": 9, "quorum_wait_s": 1})") == plain);
    for (const auto* const other :
         {R"({"nodes": 9})", R"({"partition": {"kind": "shards"}})", R"({"learning_rate": 0.3})",
          R"({"local_epochs": 2})", R"({"client_fraction": 0.5})", R"({"mode": "buffered"})", R"({"max_rounds": 7})",
          R"({"aggregation": "median"})", R"({"learning_rate_schedule": "cosine"})"}) {
        CAPTURE(other);
        CHECK(setting(other) != plain);
    }
    auto renamed = Parsed{"{}"}.json;
    renamed["label"] = "another";
    CHECK(setting_beside_methods(renamed) == plain);
}
