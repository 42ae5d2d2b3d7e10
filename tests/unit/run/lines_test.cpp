#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/durable_file.hpp"
#include "common/run/event.hpp"
#include "common/run/processes.hpp"
#include "common/run/round_line.hpp"
#include "common/text/utc_time.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;

TEST_CASE("A round's line has null for what was not evaluated or is no number")
{
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    const RoundLine line{"iid", 7, std::nullopt, nan, 3, Seconds{1.5}};
    CHECK(to_json_line(line) ==
          R"({"training":"iid","round":7,"test_accuracy":null,"test_loss":null,"train_loss":null,)"
          R"("participants":3,"virtual_seconds":1.5})");
    const auto read = parse_rounds(to_json_line(line) + "\n", "rounds.jsonl");
    REQUIRE(read.size() == 1);
    CHECK_FALSE(read[0].evaluation);
    CHECK(std::isnan(read[0].train_loss));
}

TEST_CASE("A round's line says what it adds to the table's grams, and null where a grid by the hour has ended")
{
    RoundLine line{
        "iid", 7, std::nullopt, 1, 3, Seconds{1.5}, RoundCosts{Joules{5}, Joules{2.5}, GramsCO2e{0.25}, "DEU"}};
    CHECK(to_json_line(line).ends_with(
        R"("virtual_seconds":1.5,"device_joules":5.0,"network_joules":2.5,"gco2e":0.25,"country":"DEU"})"));
    CHECK(parse_rounds(to_json_line(line) + "\n", "rounds.jsonl") == std::vector{line});
    line.costs->emissions.reset();
    CHECK(to_json_line(line).ends_with(R"("gco2e":null,"country":"DEU"})"));
    CHECK(parse_rounds(to_json_line(line) + "\n", "rounds.jsonl") == std::vector{line});
}

TEST_CASE("Half a line at the end is dropped, and a damaged one before it is named by its number")
{
    const RoundLine line{"iid", 1, RoundEvaluation{0.5, 2.25}, 2.5, 3, Seconds{1.5}};
    const auto text = to_json_line(line) + "\n";
    CHECK(parse_rounds(text + R"({"training":"ii)", "rounds.jsonl") == std::vector{line});
    CHECK_THROWS_WITH(parse_rounds(text + "{\"training\":5}\n", "rounds.jsonl"),
                      "rounds.jsonl:2: line.training: 5 is not valid; use a text that is not empty");
    CHECK_THROWS_AS(parse_events(text, "events.jsonl"), DataError);
}

TEST_CASE("An event reads back with its details")
{
    using namespace std::chrono_literals;
    // 2020-09-14T06:00:00Z is 18519 days and 6 hours after 1970.
    const Event event{std::chrono::sys_seconds{std::chrono::days{18519} + 6h}, "client_lost", {{"nodes", {1, 2}}}};
    CHECK(to_json_line(event) == R"({"time":"2020-09-14T06:00:00Z","event":"client_lost","nodes":[1,2]})");
    const auto read = parse_events(to_json_line(event) + "\n", "events.jsonl");
    REQUIRE(read.size() == 1);
    CHECK(read[0].time == event.time);
    CHECK(read[0].name == event.name);
    CHECK(read[0].details == event.details);
}

TEST_CASE("A run ended when the last line of events.jsonl says so")
{
    test::TemporaryFolder folder;
    CHECK_FALSE(find_end(folder / ""));
    files::AppendFile events{folder / "events.jsonl"};
    const auto add = [&](const std::string& time, const std::string& name) {
        events.append(to_json_line({*text::parse_utc(time), name, nlohmann::ordered_json::object()}) + "\n");
    };
    add("2024-05-01T06:00:00Z", "started");
    CHECK_FALSE(find_end(folder / ""));
    add("2024-05-01T06:10:00Z", "interrupted");
    CHECK(find_end(folder / "") == text::parse_utc("2024-05-01T06:10:00Z"));
    add("2024-05-01T07:00:00Z", "resumed");
    CHECK_FALSE(find_end(folder / ""));
    add("2024-05-01T07:30:00Z", "finished");
    CHECK(find_end(folder / "") == text::parse_utc("2024-05-01T07:30:00Z"));
    events.append("damaged\n");
    CHECK_FALSE(find_end(folder / ""));
}

TEST_CASE("processes.json reads back, and a newer format is refused")
{
    const Processes processes{10, "127.0.0.1:7000", {{11, {0, 1}}}};
    auto json = to_json(processes);
    CHECK(to_json(parse_processes(json, "processes.json")) == json);
    json["format"] = 2;
    CHECK_THROWS_WITH(parse_processes(json, "processes.json"),
                      Catch::Contains("processes.json.format: 2 is newer than 1"));
}
