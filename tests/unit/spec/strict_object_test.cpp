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
