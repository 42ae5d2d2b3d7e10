#include "common/spec/strict_object.hpp"

#include <limits>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using spec::StrictObject;
using Json = nlohmann::ordered_json;

TEST_CASE("What isn't an object is refused by its path")
{
    const Json json = 3;
    CHECK_THROWS_WITH((StrictObject{json, "accounting.link"}), "accounting.link: 3 is not valid; use an object");
}

TEST_CASE("A number out of range is refused with path, value and range")
{
    const Json json{
        {"pue", 0.9}, {"watts", -1}, {"word", "fast"}, {"share", 2}, {"odd", std::numeric_limits<double>::quiet_NaN()}};
    StrictObject object{json, "a"};
    CHECK_THROWS_WITH(object.number("watts", spec::positive), "a.watts: -1 is not valid; use a number above 0");
    CHECK_THROWS_WITH(object.number("word", spec::not_negative),
                      "a.word: \"fast\" is not valid; use a number of at least 0");
    CHECK_THROWS_WITH(object.number("share", {0, spec::NumberRange::Low::included, 1}),
                      "a.share: 2 is not valid; use a number from 0 to 1");
    CHECK_THROWS_WITH(object.number("odd", spec::not_negative), "a.odd: NaN is not valid; use a number of at least 0");
    CHECK_THROWS_WITH(object.number("none", spec::positive), "a.none: missing; add it");
    CHECK(object.number("pue", spec::positive) == 0.9);
    CHECK(object.optional_number("none", spec::positive) == std::nullopt);
}

TEST_CASE("A key that nobody asked for is an error that lists those that are known")
{
    const Json json{{"method", "router"}, {"metod", "router"}};
    StrictObject object{json, "accounting.network"};
    CHECK(object.choice("method", {"router", "kwh_per_gb"}) == "router");
    CHECK_THROWS_WITH(object.finish(), "accounting.network.metod: unknown key; use method");
}

TEST_CASE("Texts, choices, switches and lists are checked")
{
    const Json json{{"empty", ""}, {"word", "modem"}, {"number", 1}, {"none", Json::array()}};
    StrictObject object{json, "a"};
    CHECK_THROWS_AS(object.text("empty"), SpecError);
    CHECK_THROWS_WITH(object.choice("word", {"router", "kwh_per_gb"}),
                      "a.word: \"modem\" is not valid; use one of router, kwh_per_gb");
    CHECK_THROWS_WITH(object.boolean("number"), "a.number: 1 is not valid; use true or false");
    CHECK_THROWS_WITH(object.array("none"), "a.none: [] is not valid; use a list of at least one item");
}

TEST_CASE("A specification's misspelt key is answered with the nearest known one")
{
    const Json json{{"seed", 1}, {"targt_accuracy", 0.9}, {"colour", "red"}};
    StrictObject object{json, "", spec::Wording::specification};
    std::uint64_t seed = 0;
    object.read("seed", seed, 0);
    CHECK_THROWS_WITH(object.value("target_accuracy"), "targt_accuracy: unknown key; did you mean target_accuracy?");
    CHECK_THROWS_WITH(object.value("model"), "model: is missing");
    CHECK_THROWS_WITH((StrictObject{Json{{"colour", 1}}, "data", spec::Wording::specification}.finish()),
                      "data.colour: unknown key; use one of ");
    CHECK_THROWS_WITH((StrictObject{3, "data", spec::Wording::specification}),
                      "data: 3 is not valid; use an object {...}");
    CHECK_THROWS_WITH((StrictObject{3, "", spec::Wording::specification}),
                      "the specification: 3 is not valid; use an object {...}");
}

TEST_CASE("A key that may be absent leaves its target as it is, and null takes a value away")
{
    const Json json{{"rounds", 7}, {"rate", nullptr}, {"kind", "adam"}, {"mean", {0.5, 1}}};
    StrictObject object{json, "a"};
    std::uint32_t rounds = 3, epochs = 4;
    object.read("rounds", rounds, 1);
    object.read("epochs", epochs, 1);
    CHECK(rounds == 7);
    CHECK(epochs == 4);
    CHECK_THROWS_WITH(object.read("rounds", rounds, 8),
                      "a.rounds: 7 is not valid; use a whole number from 8 to 4294967295");
    std::optional<double> rate = 0.5;
    object.read("rate", rate, spec::positive);
    CHECK_FALSE(rate);
    std::size_t kind = 0;
    object.read("kind", kind, {"sgd", "adam"});
    CHECK(kind == 1);
    CHECK_THROWS_WITH(object.read("kind", kind, {"sgd", "lamb"}),
                      "a.kind: \"adam\" is not valid; use one of \"sgd\", \"lamb\"");
    std::vector<double> mean;
    object.read("mean", mean, spec::not_negative);
    CHECK(mean == std::vector<double>{0.5, 1});
    object.read("rounds", mean, spec::not_negative);
    CHECK(mean == std::vector<double>{7});
}

TEST_CASE("Whole numbers and lists are checked")
{
    const Json json{{"count", 5000000000}, {"below", -1}, {"none", Json::array()}, {"word", "x"}};
    StrictObject object{json, "a"};
    CHECK(object.whole("count") == 5'000'000'000);
    CHECK_THROWS_WITH(object.whole_32("count"), "a.count: 5000000000 is not valid; use a whole number below 2^32");
    CHECK_THROWS_WITH(object.whole("below"), "a.below: -1 is not valid; use a whole number of at least 0");
    CHECK(object.list("none").empty());
    CHECK_THROWS_WITH(object.list("word"), "a.word: \"x\" is not valid; use a list");
}

TEST_CASE("An object that keeps its mistakes goes on after each, and tells whether a step found any")
{
    const Json json{{"kind", "x"}, {"rounds", 0}, {"list", {Json{{"a", 1}}, 2}}, {"odd", 1}};
    spec::Mistakes mistakes;
    StrictObject object{json, "a", spec::Wording::data, &mistakes};
    std::uint32_t rounds = 3;
    CHECK_FALSE(object.attempt([&] { object.read("rounds", rounds, 1); }));
    CHECK(rounds == 3);
    CHECK_FALSE(object.attempt([&] { static_cast<void>(object.word("kind", {"y", "z"})); }));
    CHECK(object.word("kind", {"y", "x"}) == 1);
    object.require("name");
    std::string text;
    object.read_text("list", text);
    object.attempt([&] { object.item("list", 0).finish(); });
    object.attempt([&] { object.item("list", 1).finish(); });
    object.pass_over({"odd"});
    CHECK(object.attempt([&] { object.finish(); }));
    CHECK_THROWS_WITH(mistakes.finish(),
                      "a.rounds: 0 is not valid; use a whole number from 1 to 4294967295\n"
                      "a.kind: \"x\" is not valid; use one of \"y\", \"z\"\n"
                      "a.name: missing; add it\n"
                      "a.list: [{\"a\":1},2] is not valid; use a text that is not empty\n"
                      "a.list[0].a: unknown key; use \n"
                      "a.list[1]: 2 is not valid; use an object");
}
