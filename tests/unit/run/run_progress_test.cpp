#include "common/run/run_progress.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using run::RunProgress;

namespace {

RunProgress in_a_round()
{
    return {text::parse_utc("2026-01-31T12:00:00Z").value(), "iid", 7, 60, 0.3, 0.5, RunProgress::Nodes{2, 4, 3, 1}};
}

}  // namespace

TEST_CASE("progress.json reads back as it was written", "[run]")
{
    const RunProgress centralized{text::parse_utc("2026-01-31T12:00:00Z").value(), "centralized", 0, 60, 0, {}, {}};
    for (const auto& progress : {in_a_round(), centralized})
        CHECK(run::parse_run_progress(run::to_json(progress), "progress.json") == progress);
}

TEST_CASE("The time that is left at most follows from the rate", "[run]")
{
    // (60 - 7 - 0.3) rounds at 0.5 rounds a second.
    CHECK(in_a_round().most_seconds_left().value() == Approx(105.4));
    CHECK(run::to_json(in_a_round()).at("most_seconds_left") == Approx(105.4));
    auto begun = in_a_round();
    begun.rounds_per_second.reset();
    CHECK_FALSE(begun.most_seconds_left());
    CHECK(run::to_json(begun).at("most_seconds_left").is_null());
}

TEST_CASE("A progress.json that is damaged or newer says so", "[run]")
{
    auto json = run::to_json(in_a_round());
    json["of_round"] = 1.5;
    CHECK_THROWS_WITH(run::parse_run_progress(json, "progress.json"), Catch::Contains("progress.json.of_round: 1.5"));
    json = run::to_json(in_a_round());
    json["format"] = 2;
    CHECK_THROWS_AS(run::parse_run_progress(json, "progress.json"), DataError);
}
