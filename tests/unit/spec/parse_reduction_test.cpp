#include "common/spec/parse_reduction.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using nlohmann::ordered_json;

namespace {

std::string error_of(const std::string& lever)
{
    try {
        static_cast<void>(spec::parse_lever(lever));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

std::string errors_of_list(const std::string& list)
{
    spec::Mistakes mistakes;
    try {
        mistakes.collect([&] {
            static_cast<void>(spec::parse_reductions(ordered_json::parse(list), {"iid", "central"}, mistakes));
        });
        mistakes.finish();
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

std::string words_of(const std::string& lever) { return spec::words(spec::parse_lever(lever)); }

}  // namespace

TEST_CASE("a lever on the command line is the same as one in a specification", "[spec]")
{
    const auto pruned = std::get<spec::Prune>(spec::parse_lever("prune:sparsity=0.8,scope=layer,epochs=0"));
    CHECK(pruned.sparsity == 0.8);
    CHECK(pruned.scope == spec::PruningScope::layer);
    CHECK(pruned.tuning.epochs == 0);
    CHECK_FALSE(pruned.tuning.learning_rate);

    const auto factors = std::get<spec::Factorize>(spec::parse_lever("factorize:ranks={\"fc1\":32,\"conv2\":[8,16]}"));
    REQUIRE(factors.layers.size() == 2);
    CHECK(factors.layers[0].layer == "fc1");
    CHECK(factors.layers[0].ranks == std::vector<std::uint32_t>{32});
    CHECK(factors.layers[1].ranks == std::vector<std::uint32_t>{8, 16});
    const auto separable = std::get<spec::Factorize>(spec::parse_lever("factorize:ranks={\"conv2\":\"separable\"}"));
    REQUIRE(separable.layers.size() == 1);
    CHECK(separable.layers[0].form == spec::FactorForm::separable);
    CHECK(separable.layers[0].ranks.empty());

    const auto student = std::get<spec::Distill>(spec::parse_lever("distill:student=mlp-32,temperature=2"));
    CHECK(student.student.name == "mlp-32");
    CHECK(student.temperature == 2);
    CHECK(student.tuning.epochs == 5);

    CHECK(std::get<spec::Quantize>(spec::parse_lever("quantize")).tuning.epochs == 0);
    CHECK(std::get<spec::FineTune>(spec::parse_lever("fine-tune:frozen_to=conv2")).feature_store);
}

TEST_CASE("a lever reads back as it was written", "[spec]")
{
    for (const std::string lever :
         {"prune", "prune:course=lottery,rounds=3,learning_rate=0.1", "prune:course=gradual,every_steps=20",
          "prune-filters:fraction=0.25,norm=l2", "share-weights:linear_bits=4", "quantize:type=bf16",
          "quantize:calibration=percentile,percentile=99.9,weights=tensor,epochs=1", "factorize:ranks={\"fc1\":0.95}",
          "factorize:ranks={\"residual1.conv2\":\"separable\",\"conv1\":[2,3]}",
          "distill:student={\"layers\":[{\"kind\":\"flatten\"},{\"kind\":\"linear\",\"features\":10}]},alpha=0.5",
          "fine-tune", "fine-tune:frozen_to=conv1,feature_store=false,batch_size=8"}) {
        CAPTURE(lever);
        const auto json = spec::to_json(spec::parse_lever(lever));
        CHECK(spec::to_json(spec::parse_lever(json, "lever")) == json);
    }
}

TEST_CASE("a lever in words", "[spec]")
{
    CHECK(words_of("prune") == "prune 90 %");
    CHECK(words_of("prune:sparsity=0.5,scope=layer,course=lottery,rounds=3") ==
          "prune 50 % of each layer, lottery in 3");
    CHECK(words_of("prune-filters") == "prune filters 50 %");
    CHECK(words_of("share-weights") == "share weights by 8/5 bits");
    CHECK(words_of("quantize:weights=tensor") == "int8 per tensor");
    CHECK(words_of("quantize:epochs=1") == "int8 per channel, trained");
    CHECK(words_of("quantize:type=fp16") == "fp16");
    CHECK(words_of("factorize:ranks={\"fc1\":32,\"conv2\":[8,16]}") == "factorize fc1 to 32 and conv2 to 8/16");
    CHECK(words_of("factorize:ranks={\"conv2\":\"separable\"}") == "separable conv2");
    CHECK(words_of("factorize:ranks={\"conv2\":\"separable\",\"fc1\":0.9,\"conv3\":\"separable\"}") ==
          "factorize fc1 to 90 %, separable conv2 and conv3");
    CHECK(words_of("distill:student=mlp-32") == "distill to mlp-32");
    CHECK(words_of("fine-tune:frozen_to=conv2") == "fine-tune behind conv2");
}

TEST_CASE("a lever that is wrong is one line", "[spec]")
{
    CHECK(error_of("prune:sparsity=1") == "--lever prune.sparsity: 1 is not valid; use a number from 0 to below 1");
    CHECK(error_of("shrink").starts_with("--lever: \"shrink\" is no lever; use one of prune, "));
    CHECK(error_of("prune:0.9") ==
          "--lever prune: \"0.9\" is no setting; use NAME=VALUE, as in prune:sparsity=0.9,epochs=1");
    CHECK(error_of("prune:course=gradual,epochs=0") ==
          "--lever prune.epochs: 0 is not valid; use at least 1 where weights go while it trains, or the course "
          "\"one-shot\"");
    CHECK(error_of("prune:rounds=3").starts_with("--lever prune.rounds: unknown key; "));
    CHECK(error_of("share-weights:linear_bits=17") ==
          "--lever share-weights.linear_bits: 17 is not valid; use a whole number from 1 to 8");
    CHECK(error_of("quantize:type=fp16,weights=tensor").starts_with("--lever quantize.weights: unknown key; "));
    CHECK(
        error_of("factorize:ranks={\"fc1\":0}") ==
        "--lever factorize.ranks.fc1: 0 is not valid; use a rank of at least 1, two for a convolution, a share of its "
        "energy between 0 and 1, or \"separable\"");
    CHECK(error_of("factorize:ranks={\"fc1\":[\"separable\",2]}").starts_with("--lever factorize.ranks.fc1: "));
    CHECK(error_of("factorize").find("ranks") != std::string::npos);
    CHECK(error_of("distill").find("student") != std::string::npos);
    CHECK(error_of(R"(distill:student={"name":"mlp-32","start":"a.pt"})")
              .find("a student learns from its teacher alone") != std::string::npos);
}

TEST_CASE("reductions name a training, and each has a label of its own", "[spec]")
{
    CHECK(errors_of_list(R"([{"label": "small", "training": "iid", "levers": [{"lever": "prune"}]}])") == "no error");
    CHECK(errors_of_list(R"([{"label": "small", "training": "no", "levers": [{"lever": "prune"}]}])") ==
          "reductions[0].training: \"no\" is not valid; use the label of one of the trainings");
    CHECK(errors_of_list(R"([{"label": "small", "training": "iid", "levers": []}])")
              .starts_with("reductions[0].levers: "));
    CHECK(errors_of_list(R"([{"label": "a", "training": "iid", "levers": [{"lever": "prune"}]},
                             {"label": "a", "training": "central", "levers": [{"lever": "quantize"}]}])") ==
          "reductions[1].label: \"a\" stands twice; use a label of its own for each reduction");
    CHECK(errors_of_list(R"({})") == "reductions: {} is not valid; use a list of reductions");
}

TEST_CASE("A lever without the setting that it needs says what would stand there")
{
    CHECK_THROWS_WITH(spec::parse_lever("factorize"),
                      "--lever factorize.ranks: is missing; use an object of layers and their ranks, as in "
                      "{\"fc1\": 32, \"conv2\": [8, 16], \"conv3\": \"separable\"}");
    CHECK_THROWS_WITH(spec::parse_lever("distill"),
                      "--lever distill.student: is missing; use a built-in model's name, or an object with layers");
}
