#include "common/energy/devices/serving_profile.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/error/error.hpp"
#include "tests/unit/energy/devices/served_form_json.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

Json figure(double value) { return {{"value", value}, {"standing", "published"}, {"source", "a data sheet"}}; }

Json chip()
{
    Json json{{"id", "chip"}, {"name", "A chip"}, {"class", "datacenter"}, {"boundary", "board"}};
    json["rates"] = {{"fp16", figure(50)}, {"int8", figure(100)}};
    json["figures"] = {{"floor_s", figure(0.001)},     {"memory_gb_s", figure(20)}, {"memory_bytes", figure(1e9)},
                       {"largest_batch", figure(64)},  {"idle_w", figure(40)},      {"busy_w", figure(100)},
                       {"tenth_of_load_w", figure(70)}};
    return json;
}

std::string error_of(const Json& json)
{
    try {
        static_cast<void>(parse_serving_profile(json, "chip.json"));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "none";
}

Json with(const std::string& section, const std::string& key, const Json& value)
{
    auto json = chip();
    json[section][key] = value;
    return json;
}

}  // namespace

TEST_CASE("A serving profile reads back as it is written")
{
    const auto profile = parse_serving_profile(chip(), "chip.json");
    CHECK(to_json(profile) == chip());
    CHECK(is_serving_profile(chip()));
    CHECK(profile.device_class == DeviceClass::datacenter);
}

TEST_CASE("No device draws more than 1e6 W, neither likely nor at most")
{
    for (const std::string key : {"idle_w", "busy_w", "tenth_of_load_w"})
        CHECK_THAT(error_of(with("figures", key, figure(1e300))),
                   Contains("chip.json.figures." + key + ".value: 1e+300 is not valid; use a number"));
    auto busy = figure(100);
    busy["high"] = 1e300;
    CHECK_THAT(error_of(with("figures", "busy_w", busy)), Contains("busy_w.high: 1e+300 is not valid"));
}

TEST_CASE("A figure or rate that isn't valid isn't called missing, too")
{
    auto json = with("figures", "cores", figure(1e9));
    json["rates"]["fp32"] = figure(-1);
    json["forms"] = Json::array({test::served_form_json()});
    CHECK_THAT(error_of(json), Contains("figures.cores.value: 1e+09") || Contains("figures.cores.value: 1000000000"));
    CHECK_THAT(error_of(json), !Contains("missing") && !Contains("no rate of"));
}

TEST_CASE("Numbers without a rate are none that a device is able to compute")
{
    const auto profile = parse_serving_profile(chip(), "chip.json");
    REQUIRE(profile.rate(Arithmetic::fp16));
    CHECK(profile.rate(Arithmetic::fp16)->gmac_per_s.value == 50);
    CHECK_FALSE(profile.rate(Arithmetic::fp32));
    CHECK_FALSE(profile.rate(Arithmetic::bf16));
    CHECK(bytes_of(Arithmetic::bf16) == 2);
    CHECK(bytes_of(Arithmetic::block_fp8) == 1);
}

TEST_CASE("Power rises from idle to busy, bent where a tenth of the load is known")
{
    auto profile = parse_serving_profile(chip(), "chip.json");
    const auto watts = [&](double share) { return profile.power(Arithmetic::int8, share)->count(); };
    CHECK(watts(0) == 40);
    CHECK(watts(0.05) == Approx(55));
    CHECK(watts(0.1) == Approx(70));
    CHECK(watts(0.55) == Approx(85));  // half way from 0.1 to 1
    CHECK(watts(1) == 100);
    profile.tenth_of_load_w.reset();
    CHECK(watts(0.1) == Approx(46));
    profile.idle_w.reset();  // then busy time alone counts
    CHECK(watts(0) == 0);
    CHECK(watts(0.25) == 25);
    profile.busy_w.reset();
    CHECK_FALSE(profile.power(Arithmetic::int8, 1));
}

TEST_CASE("A serving profile that can't be is refused with its key")
{
    CHECK_THAT(error_of(with("figures", "watts", figure(1))), Contains("figures.watts"));
    CHECK_THAT(error_of(with("rates", "int4", figure(1))), Contains("rates.int4"));
    CHECK_THAT(error_of(with("rates", "int8", figure(0))), Contains("rates.int8.value"));
    CHECK_THAT(error_of(with("figures", "largest_batch", figure(1.5))), Contains("figures.largest_batch.value"));
    CHECK_THAT(error_of(with("figures", "busy_w", figure(39))), Contains("at least idle_w, 40"));
    CHECK_THAT(error_of(with("figures", "tenth_of_load_w", figure(101))), Contains("figures.tenth_of_load_w.value"));
    auto none = chip();
    none["rates"] = Json::object();
    CHECK_THAT(error_of(none), Contains("rates") && Contains("one at least of fp32"));
    auto without = chip();
    without["figures"].erase("floor_s");
    CHECK_THAT(error_of(without), Contains("floor_s"));
}

TEST_CASE("No training is priced on a serving profile")
{
    CHECK_THROWS_WITH(parse_device_profile(chip(), "chip.json"),
                      "chip.json: a profile of a server, with no figure to price a training; use a device profile");
}

TEST_CASE("A device that answers one by one has no floor, and watts of its own numbers")
{
    InferenceProfile board;
    board.id = "board";
    board.idle_w = Figure{0.01, {}, {}, EvidenceLevel::measured, "a meter"};
    board.rows.push_back({"net", 10'000'000, spec::NumberType::int8, Seconds{0.1}, Joules{0.004}, "a compiler",
                          InferenceRowUse::fitted, "a log"});
    const auto server = one_by_one(board);
    REQUIRE(server);
    CHECK(server->device_class == DeviceClass::edge);
    CHECK(server->floor_s.value == 0);
    CHECK(server->rate(Arithmetic::int8)->gmac_per_s.value == Approx(0.1));
    CHECK_FALSE(server->rate(Arithmetic::fp32));
    CHECK(server->power(Arithmetic::int8, 0.5)->count() == Approx(0.025));  // of 0.01 and 0.04 W
    board.rows.front().use = InferenceRowUse::shown;
    CHECK_FALSE(one_by_one(board));
}

TEST_CASE("Forms that were measured in a server need cores, a rate, and a model of their own")
{
    auto json = chip();
    json["rates"] = {{"fp32", figure(10)}, {"fp16", figure(50)}};
    json["figures"]["cores"] = figure(2);
    json["forms"].push_back(test::served_form_json());
    const auto profile = parse_serving_profile(json, "chip.json");
    CHECK(to_json(profile) == json);
    REQUIRE(profile.form(Arithmetic::fp32, 1'000'000'000, 100));
    CHECK_FALSE(profile.form(Arithmetic::fp16, 1'000'000'000, 100));
    CHECK_FALSE(profile.form(Arithmetic::fp32, 1'000'000'001, 100));
    CHECK_FALSE(profile.form(Arithmetic::fp32, 1'000'000'000, 101));

    auto twice = json;
    twice["forms"].push_back(test::served_form_json());
    CHECK_THAT(error_of(twice), Contains("chip.json.forms[1]") && Contains("keep one"));
    auto without_cores = json;
    without_cores["figures"].erase("cores");
    CHECK_THAT(error_of(without_cores), Contains("figures.cores"));
    auto half_a_core = json;
    half_a_core["figures"]["cores"] = figure(1.5);
    CHECK_THAT(error_of(half_a_core), Contains("figures.cores.value") && Contains("a whole number"));
    auto without_rate = json;
    without_rate["rates"] = {{"fp16", figure(50)}};
    CHECK_THAT(error_of(without_rate), Contains("forms[0].numbers") && Contains("no rate of fp32"));
}
