#include "common/spec/parse_secure_aggregation.hpp"

#include <optional>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;
using nlohmann::ordered_json;
using spec::SecureAggregation;

namespace {

using Aggregation = std::optional<SecureAggregation>;

Aggregation read(const std::string& value, Aggregation before = std::nullopt)
{
    const auto json = ordered_json::parse(R"({"secure_aggregation": )" + value + "}");
    spec::StrictObject training{json, "trainings.fed", spec::Wording::specification};
    spec::read_secure_aggregation(training, before);
    training.finish();
    return before;
}

std::string error_of(const std::string& value, const Aggregation& before = std::nullopt)
{
    try {
        static_cast<void>(read(value, before));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("secure aggregation is true, false or an object that builds on what was there", "[spec]")
{
    CHECK(read("true") == SecureAggregation{});
    CHECK(read("{}") == SecureAggregation{});
    CHECK(read("false") == std::nullopt);
    const SecureAggregation shared{.neighbours = 8, .threshold = 6, .value_limit = 0.5, .fraction_bits = 20};
    CHECK(read(R"({"neighbours": 8, "threshold": 6, "value_limit": 0.5, "fraction_bits": 20})") == shared);
    CHECK(read("true", shared) == shared);
    CHECK(read("false", shared) == std::nullopt);
    const SecureAggregation amended{.neighbours = 8, .value_limit = 2, .fraction_bits = 20};
    CHECK(read(R"({"threshold": null, "value_limit": 2})", shared) == amended);
}

TEST_CASE("a secure aggregation reads back equal", "[spec]")
{
    CHECK(spec::to_json(SecureAggregation{}).dump() == R"({"value_limit":1.0,"fraction_bits":21})");
    const SecureAggregation all{.neighbours = 8, .threshold = 6, .value_limit = 0.5, .fraction_bits = 20};
    CHECK(spec::to_json(all).dump() == R"({"neighbours":8,"threshold":6,"value_limit":0.5,"fraction_bits":20})");
    CHECK(read(spec::to_json(all).dump()) == all);
}

TEST_CASE("what is wrong in a secure aggregation is named with its path, its value and what would be valid", "[spec]")
{
    struct Case {
        std::string value;
        std::string error;
    };
    const auto [value, error] = GENERATE(values<Case>({
        {"7", "trainings.fed.secure_aggregation: 7 is not valid; use true, false or an object {...}"},
        {R"("on")", "trainings.fed.secure_aggregation: \"on\" is not valid; use true, false or an object {...}"},
        {R"({"neighbours": 0, "threshold": 1})",
         "trainings.fed.secure_aggregation.neighbours: 0 is not valid; use a whole number from 1 to 4294967295\n"
         "trainings.fed.secure_aggregation.threshold: 1 is not valid; use a whole number from 2 to 4294967295"},
        {R"({"value_limit": 0, "fraction_bits": 0})",
         "trainings.fed.secure_aggregation.fraction_bits: 0 is not valid; use a whole number from 1 to 4294967295\n"
         "trainings.fed.secure_aggregation.value_limit: 0 is not valid; use a number greater than 0"},
        {R"({"fraction_bits": 41})",
         "trainings.fed.secure_aggregation.fraction_bits: 41 is not valid; use a whole number from 1 to 40"},
        {R"({"value_limit": 0.1, "fraction_bits": 3})",
         "trainings.fed.secure_aggregation.value_limit: 0.1 is not valid; use a number of at least 2^-3, the step that "
         "fraction_bits leaves"},
        {R"({"neighbors": 3})", "trainings.fed.secure_aggregation.neighbors: unknown key; did you mean neighbours?"},
    }));
    CHECK(error_of(value) == error);
}

TEST_CASE("what was there stays as it is where a secure aggregation is refused", "[spec]")
{
    const auto json = ordered_json::parse(R"({"secure_aggregation": {"value_limit": 0.5, "threshold": 1}})");
    spec::StrictObject training{json, "trainings.fed", spec::Wording::specification};
    Aggregation aggregation = SecureAggregation{};
    CHECK_THROWS_AS(spec::read_secure_aggregation(training, aggregation), SpecError);
    CHECK(aggregation == SecureAggregation{});
}

TEST_CASE("what can't be had with secure aggregation is refused with the reason", "[spec]")
{
    const auto why = [](const std::string& keys) {
        try {
            (void)fedgram::spec::parse_experiment(nlohmann::ordered_json::parse(
                R"({"name": "s", "model": "mlp", "trainings": [{"label": "x", "kind": "federated",
                    "secure_aggregation": true, )" +
                keys + "}]}"));
        } catch (const fedgram::SpecError& error) {
            return std::string{error.what()};
        }
        return std::string{"none"};
    };
    CHECK(why(R"("strategy": "fedadam")") == "none");
    CHECK_THAT(why(R"("aggregation": "median")"),
               Catch::StartsWith("trainings.x.aggregation: it looks at each update"));
    CHECK_THAT(why(R"("strategy": "scaffold")"), Catch::StartsWith("trainings.x.strategy: scaffold looks at each"));
    CHECK_THAT(why(R"("compression": "int8")"), Catch::StartsWith("trainings.x.compression: masks hide every bit"));
    CHECK(why(R"("selection": "oort")") ==
          "trainings.x.selection: oort chooses nodes by the loss of each, and secure aggregation shows sums alone; use "
          "uniform, or another selection that looks at no loss");
    CHECK_THAT(why(R"("selection": {"policy": "power-of-choice", "loss": "last-known"})"),
               Catch::StartsWith("trainings.x.selection: power-of-choice chooses nodes by the loss of each"));
    CHECK(why(R"("selection": "by-samples")") == "none");
    CHECK_THAT(why(R"("mode": "buffered")"), Catch::StartsWith("trainings.x.mode: masks cancel"));
    CHECK_THAT(why(R"("privacy": {"clip": "adaptive", "noise_multiplier": 0.1, "delta": 0.001})"),
               Catch::StartsWith("trainings.x.privacy.clip: an adaptive clip"));
    CHECK_THAT(why(R"("client_fraction": 0.1)"), Catch::StartsWith("trainings.x.secure_aggregation"));
    CHECK_THAT(why(R"("max_update_norm": 1)"),
               Catch::StartsWith("trainings.x.max_update_norm: the length of an update"));
    CHECK(why(R"("goal": 3)") ==
          "trainings.x.goal: 3 updates are fewer than the threshold of 7 that it takes to unmask "
          "their sum; use 7 to 10");
}

TEST_CASE("what privacy can't account for is refused with the reason", "[spec]")
{
    const auto why = [](const std::string& keys) {
        try {
            (void)fedgram::spec::parse_experiment(nlohmann::ordered_json::parse(
                R"({"name": "s", "model": "mlp", "trainings": [{"label": "x", "kind": "federated",
                    "privacy": {"clip": 1, "noise_multiplier": 1, "delta": 0.001}, )" +
                keys + "}]}"));
        } catch (const fedgram::SpecError& error) {
            return std::string{error.what()};
        }
        return std::string{"none"};
    };
    CHECK(why(R"("strategy": "fedyogi")") == "none");
    CHECK_THAT(why(R"("strategy": "feddyn")"), Catch::StartsWith("trainings.x.strategy: feddyn uses of a node more"));
    CHECK_THAT(why(R"("aggregation": "trimmed-mean")"), Catch::StartsWith("trainings.x.aggregation: privacy has"));
    CHECK_THAT(why(R"("goal": 3)"), Catch::StartsWith("trainings.x.privacy: what decides on rounds"));
    CHECK_THAT(why(R"("selection": "by-samples")"), Catch::StartsWith("trainings.x.privacy: what decides on rounds"));
}
