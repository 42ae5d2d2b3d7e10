#include "common/carbon/grid/hour_origins.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds midnight{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}};

const HourOrigins origins{{midnight, midnight + 2h, midnight + 3h}, {midnight + 1h}, 30min};

}  // namespace

TEST_CASE("What isn't as it was measured is said in words and in figures, and nothing of what is")
{
    CHECK(origins_text(origins) == "3 h filled in, 1 h forecast, 30 min at the ends left out");
    CHECK(origins_text({}).empty());
    const auto json = origins_json(origins);
    CHECK(json["filled_hours"] == 3);
    CHECK(json["forecast_hours"] == 1);
    CHECK(json["left_out_min"] == 30);
}

TEST_CASE("A series that begins later has only the later ones of those hours")
{
    CHECK(origins.from(midnight + 2h) == HourOrigins{{midnight + 2h, midnight + 3h}, {}, 30min});
    CHECK(origins.from(midnight) == origins);
}
