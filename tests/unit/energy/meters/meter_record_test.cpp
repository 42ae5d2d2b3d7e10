#include "common/energy/meters/meter_record.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using Json = nlohmann::ordered_json;

TEST_CASE("A meter's record reads back as it was written")
{
    const MeterRecord record{"coordinator",
                             "RAPL package",
                             "chip",
                             "counter",
                             Joules{812.25},
                             {},
                             {},
                             {{Seconds{1.5}, "it went away"}},
                             {"read without root"}};
    const auto json = to_json(record);
    CHECK(to_json(parse_meter_record(json, "m")) == json);
    CHECK_FALSE(json.contains("low_joules"));
}

TEST_CASE("Missing joules are null, and an estimate has its band")
{
    CHECK(to_json({"coordinator", "GPU 0", "board", "counter", {}, {}, {}, {}, {}}).at("joules").is_null());
    const auto json = to_json({"nodes", "CPU estimate", "chip", "estimated", Joules{7}, Joules{4}, Joules{12}, {}, {}});
    CHECK(json.at("low_joules") == 4);
    CHECK(parse_meter_record(json, "m").high == Joules{12});
}

TEST_CASE("A record that no meter can have written is refused by its key")
{
    const auto good = to_json({"coordinator", "RAPL package", "chip", "counter", Joules{1}, {}, {}, {}, {}});
    const auto error_of = [&](const std::string& key, const Json& value) {
        auto json = good;
        json[key] = value;
        try {
            static_cast<void>(parse_meter_record(json, "m"));
        } catch (const SpecError& error) {
            return std::string{error.what()};
        }
        return std::string{"accepted"};
    };
    CHECK_THAT(error_of("joules", -1), Catch::Contains("m.joules"));
    CHECK_THAT(error_of("joules", "many"), Catch::Contains("m.joules"));
    CHECK_THAT(error_of("boundary", "planet"), Catch::Contains("m.boundary"));
    CHECK_THAT(error_of("method", "guess"), Catch::Contains("m.method"));
    CHECK_THAT(error_of("gaps", 3), Catch::Contains("m.gaps"));
    CHECK_THAT(error_of("gaps", Json::array({{{"seconds", -1}, {"reason", "x"}}})),
               Catch::Contains("m.gaps[0].seconds"));
    CHECK_THAT(error_of("warnings", Json::array({1})), Catch::Contains("m.warnings[0]"));
    CHECK_THAT(error_of("more", 1), Catch::Contains("more"));
}
