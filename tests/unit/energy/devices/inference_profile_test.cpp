#include "common/energy/devices/inference_profile.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using spec::NumberType;
using Json = nlohmann::ordered_json;

namespace {

Json row(double milliseconds, double microjoules, const std::string& use)
{
    return {{"network", "resnet-8"},
            {"macs", 10'000'000},
            {"numbers", "int8"},
            {"ms", milliseconds},
            {"microjoules", microjoules},
            {"setup", "a compiler at 1.8 V"},
            {"use", use},
            {"source", "a log"}};
}

Json board()
{
    Json json{{"id", "board"}, {"name", "A board"}, {"boundary", "chip"}, {"inference_only", true}};
    json["figures"] = {{"ram_bytes", {{"value", 65536}, {"standing", "published"}, {"source", "a data sheet"}}}};
    json["rows"] = {row(100, 4000, "fitted"), row(200, 5000, "band"), row(50, 9000, "band"), row(1, 1, "shown")};
    return json;
}

}  // namespace

TEST_CASE("A rate follows from the fitted row, and its band from the other set-ups")
{
    const auto rate = parse_inference_profile(board(), "board").rate(NumberType::int8);
    REQUIRE(rate);
    // 10 MMAC in 100, 200 and 50 ms; 4 mJ, 5 mJ and 9 mJ.
    CHECK(rate->gmac_per_s.value == Approx(0.1));
    CHECK(rate->gmac_per_s.low == Approx(0.05));
    CHECK(rate->gmac_per_s.high == Approx(0.2));
    CHECK(rate->active_w.value == Approx(0.04));
    CHECK(rate->active_w.low == Approx(0.025));
    CHECK(rate->active_w.high == Approx(0.18));
    CHECK(rate->joules_per_gmac.value == Approx(0.4));
    CHECK(rate->joules_per_gmac.low == Approx(0.4));
    CHECK(rate->joules_per_gmac.high == Approx(0.9));
    for (const auto* figure : {&rate->gmac_per_s, &rate->active_w, &rate->joules_per_gmac}) {
        CHECK(figure->evidence == EvidenceLevel::fitted);
        CHECK(figure->source == "resnet-8 by a compiler at 1.8 V; a log; band: 3 set-ups");
    }
    CHECK(rate->seconds(20'000'000).count() == Approx(0.2));
    CHECK(rate->joules(20'000'000).count() == Approx(0.008));
}

TEST_CASE("One set-up has no band, and a type without a row no rate")
{
    auto json = board();
    json["rows"] = {row(100, 4000, "fitted")};
    const auto profile = parse_inference_profile(json, "board");
    CHECK_FALSE(profile.rate(NumberType::int8)->active_w.low);
    CHECK_FALSE(profile.rate(NumberType::fp32));
    CHECK_FALSE(profile.idle_w);
    CHECK_FALSE(profile.flash_bytes);
    CHECK(profile.ram_bytes->value == 65536);
}

TEST_CASE("float32 by int8 slowed down has the bands of both, and says that it is derived")
{
    auto json = board();
    json["figures"]["fp32_slowdown"] = {
        {"value", 2.5}, {"low", 2}, {"high", 4}, {"standing", "derived"}, {"source", "another core"}};
    const auto profile = parse_inference_profile(json, "board");
    CHECK(profile.has_rows(NumberType::int8));
    CHECK_FALSE(profile.has_rows(NumberType::fp32));
    const auto rate = profile.rate(NumberType::fp32);
    REQUIRE(rate);
    // 0.1 (0.05 to 0.2) GMAC/s / 2.5 (2 to 4); 0.4 (0.4 to 0.9) J/GMAC x the same.
    CHECK(rate->gmac_per_s.value == Approx(0.04));
    CHECK(rate->gmac_per_s.low == Approx(0.0125));
    CHECK(rate->gmac_per_s.high == Approx(0.1));
    CHECK(rate->joules_per_gmac.value == Approx(1));
    CHECK(rate->joules_per_gmac.low == Approx(0.8));
    CHECK(rate->joules_per_gmac.high == Approx(3.6));
    CHECK(rate->active_w.value == Approx(0.04));
    for (const auto* figure : {&rate->gmac_per_s, &rate->active_w, &rate->joules_per_gmac})
        CHECK(figure->evidence == EvidenceLevel::derived);

    json["rows"] = {row(100, 4000, "fitted")};  // without a band of its own
    const auto single = parse_inference_profile(json, "board").rate(NumberType::fp32);
    CHECK(single->gmac_per_s.low == Approx(0.025));
    CHECK(single->gmac_per_s.high == Approx(0.05));
    json["figures"]["fp32_slowdown"].erase("low");
    json["figures"]["fp32_slowdown"].erase("high");
    CHECK_FALSE(parse_inference_profile(json, "board").rate(NumberType::fp32)->gmac_per_s.low);
}

TEST_CASE("A profile for inference is no device profile")
{
    CHECK(is_inference_profile(board()));
    CHECK_FALSE(is_inference_profile(Json{{"id", "board"}}));
    CHECK_THROWS_WITH(
        parse_device_profile(board(), "accounting.edge_device"),
        "accounting.edge_device: a profile for inference, with no figure to price a training; use a device "
        "profile");
}

TEST_CASE("A profile for inference with a fault is refused by key, value and remedy")
{
    const auto error_of = [](const Json& json) -> std::string {
        try {
            (void)parse_inference_profile(json, "board");
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    auto json = board();
    SECTION("two rows are fitted")
    {
        json["rows"][1]["use"] = "fitted";
        CHECK(error_of(json) == "board.rows: 2 rows of int8 are fitted; use one, and band for its other set-ups");
    }
    SECTION("a band stands alone")
    {
        json["rows"].erase(0);
        CHECK(error_of(json) == "board.rows: 0 rows of int8 are fitted; use one, and band for its other set-ups");
    }
    SECTION("a fitted row is of another model")
    {
        json["rows"][0].erase("macs");
        json["rows"][1]["numbers"] = "other";
        CHECK(
            error_of(json) ==
            "board.rows[0].use: \"fitted\" is not valid; use shown, as a rate takes macs, and numbers of fp32 or int8\n"
            "board.rows[1].use: \"band\" is not valid; use shown, as a rate takes macs, and numbers of fp32 or int8");
    }
    SECTION("several things are wrong")
    {
        json["boundary"] = "room";
        json["figures"]["full_w"] = 3;
        json["figures"]["ram_bytes"]["value"] = 0;
        json["rows"][0]["ms"] = 0;
        json["rows"][0]["macs"] = 0;
        json["rows"][2]["setup"] = "";
        json["rows"][3]["colour"] = "green";
        json.erase("inference_only");
        const auto text = error_of(json);
        CHECK(text.find("board.boundary: \"room\" is not valid") != std::string::npos);
        CHECK(text.find("board.inference_only: missing; add it") != std::string::npos);
        CHECK(text.find("board.figures.ram_bytes.value: 0 is not valid; use a number above 0") != std::string::npos);
        CHECK(text.find("board.figures.full_w: unknown key; use idle_w, flash_bytes, ram_bytes") != std::string::npos);
        CHECK(text.find("board.rows[0].ms: 0 is not valid; use a number from 0.000001 to 1000000000000") !=
              std::string::npos);
        CHECK(text.find("board.rows[0].macs: 0 is not valid; use a whole number of at least 1") != std::string::npos);
        CHECK(text.find("board.rows[2].setup: \"\" is not valid") != std::string::npos);
        CHECK(text.find("board.rows[3].colour: unknown key") != std::string::npos);
    }
}
