#include "common/energy/devices/served_form.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/devices/served_form_json.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using Catch::Matchers::Contains;
using test::served_form_json;
using Json = nlohmann::ordered_json;

namespace {

std::string error_of(const Json& json)
{
    try {
        static_cast<void>(parse_served_form(json, "forms[0]"));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "none";
}

Json with_engine(const Json& times)
{
    auto json = served_form_json();
    json["engine_s"] = times;
    return json;
}

}  // namespace

TEST_CASE("A served form reads back as it is written")
{
    CHECK(to_json(parse_served_form(served_form_json(), "forms[0]")) == served_form_json());
    auto bounded = served_form_json();
    bounded["figures"]["most_per_s"] = Json::parse(R"({"value": 500, "standing": "measured", "source": "a count"})");
    CHECK(to_json(parse_served_form(bounded, "forms[0]")) == bounded);
    bounded["figures"]["most_per_s"]["value"] = 0;
    CHECK_THAT(error_of(bounded), Contains("forms[0].figures.most_per_s.value") && Contains("above 0"));
}

// By hand: 1 ms of a batch of 1, 2 ms of 4, 5 ms of 8.
TEST_CASE("An engine's time between two sizes, and behind the largest, is in proportion")
{
    const auto form = parse_served_form(served_form_json(), "forms[0]");
    const auto milliseconds = [&](std::uint32_t batch) { return form.engine_time(batch).count() * 1e3; };
    CHECK(milliseconds(1) == 1);
    CHECK(milliseconds(2) == Approx(4. / 3));
    CHECK(milliseconds(4) == 2);
    CHECK(milliseconds(6) == Approx(3.5));
    CHECK(milliseconds(8) == 5);
    CHECK(milliseconds(12) == Approx(8));
    const auto single = parse_served_form(with_engine(Json::parse("[[1, 0.001]]")), "forms[0]");
    CHECK(single.engine_time(3).count() == Approx(0.003));
    const auto falling = parse_served_form(with_engine(Json::parse("[[1, 0.005], [2, 0.001]]")), "forms[0]");
    CHECK(falling.engine_time(64).count() == 0.001);
}

TEST_CASE("A served form that can't be is refused with its key")
{
    CHECK_THAT(error_of(with_engine(Json::parse("[]"))), Contains("forms[0].engine_s"));
    CHECK_THAT(error_of(with_engine(Json::parse("[[2, 0.001]]"))),
               Contains("forms[0].engine_s[0]") && Contains("ascend from 1"));
    CHECK_THAT(error_of(with_engine(Json::parse("[[1, 0.001], [1, 0.002]]"))), Contains("forms[0].engine_s[1]"));
    CHECK_THAT(error_of(with_engine(Json::parse("[[1, 0]]"))), Contains("seconds above 0"));
    CHECK_THAT(error_of(with_engine(Json::parse("[[1, 1001]]"))), Contains("1000 at most"));
    CHECK_THAT(error_of(with_engine(Json::parse("[[1, 0.001], [9999999, 2]]"))), Contains("at most 1048576"));
    CHECK_THAT(error_of(with_engine(Json::parse("[0.001]"))), Contains("a pair of a batch's size and its seconds"));
    CHECK_THAT(error_of(with_engine(Json::parse(R"([["1", 0.001]])"))), Contains("a pair"));
    auto negative = served_form_json();
    negative["figures"]["batch_s"]["value"] = -1;
    CHECK_THAT(error_of(negative), Contains("forms[0].figures.batch_s.value") && Contains("from 0 to 1000"));
    negative["figures"]["batch_s"]["value"] = 1001;
    CHECK_THAT(error_of(negative), Contains("forms[0].figures.batch_s.value"));
    auto missing = served_form_json();
    missing["figures"].erase("wake_s");
    CHECK_THAT(error_of(missing), Contains("wake_s"));
    auto unknown = served_form_json();
    unknown["figures"]["sleep_s"] = unknown["figures"]["wake_s"];
    CHECK_THAT(error_of(unknown), Contains("forms[0].figures.sleep_s"));
    auto numbers = served_form_json();
    numbers["numbers"] = "int4";
    CHECK_THAT(error_of(numbers), Contains("forms[0].numbers") && Contains("block-fp8"));
}
