#include "common/fleet/fleet.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/fleet/fleet_json.hpp"

using namespace fedgram;
using namespace fedgram::fleet;
using Catch::Contains;
using test::parse;

TEST_CASE("A fleet is read with its devices, links, places and hours, and reads back the same without names")
{
    const auto fleet = parse(R"([
        {"name": "pis", "device": "pi", "share": 0.25, "place": "FRA"},
        {"device": "phone", "share": 0.75, "link": {"download_mbit_s": 50, "upload_mbit_s": 5, "upload_deviation": 0.4},
         "speed_deviation": 0.3, "place": "x:west", "utc_offset_h": -5,
         "availability": {"daily": {"from_h": 22, "until_h": 6, "spread_h": 1}}}])");
    REQUIRE(fleet.devices.groups().size() == 2);
    const auto& phones = fleet.devices.groups()[0];  // by name
    CHECK(phones.name == "phone");
    CHECK(phones.link.upload_mbit_s == 5);
    CHECK(phones.upload_deviation == 0.4);
    CHECK(phones.speed_deviation == 0.3);
    CHECK(fleet.places[0]->intensity.count() == 300);
    CHECK(fleet.places[1]->iso3 == "FRA");
    CHECK(fleet.utc_offsets_h[0] == -5);
    CHECK(std::get<DailyWindow>(fleet.availability[0]) == DailyWindow{22, 6, 1});
    CHECK(fleet.has_hours());
    CHECK_FALSE(fleet.is_of_one_kind());
    CHECK(fleet.name() == "fleet");

    const auto again = parse_resolved_fleet(to_json(fleet), "fleet", 1, 10);
    CHECK(to_json(again) == to_json(fleet));
    for (std::uint32_t node = 0; node < 10; ++node) CHECK(again.devices.group_of(node) == fleet.devices.group_of(node));
}

TEST_CASE("A fleet of one group whose nodes are alike is called by its device")
{
    const auto fleet = parse(R"([{"device": "phone", "share": 1}])");
    CHECK(fleet.is_of_one_kind());
    CHECK(fleet.name() == "phone");
    CHECK_FALSE(parse(R"([{"device": "phone", "share": 1, "speed_deviation": 0.1}])").is_of_one_kind());
}

TEST_CASE("What is wrong with a fleet is said with its path and what would be right")
{
    CHECK_THROWS_WITH(parse("[]"), Contains("fleet: [] is not valid; use a list of at least one group"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "share": 0.5}, {"device": "b", "share": 0.4}])"),
                      Contains("fleet: the groups' shares add up to 0.9"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "share": 0.5}, {"device": "a", "share": 0.5}])"),
                      Contains("fleet[1].name: \"a\" stands twice"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a"}])"), Contains("fleet[0].share: give each group a share"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "nodes": 4}, {"device": "b", "nodes": 5}])"),
                      Contains("its groups have 9 nodes and the training has 10"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "share": 1, "sped": 1}])"), Contains("fleet[0].sped"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "share": 1, "place": "Atlantis"}])"), Contains("fleet[0].place"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "share": 1, "speed_deviation": 4}])"),
                      Contains("fleet[0].speed_deviation: 4 is not valid"));
    CHECK_THROWS_WITH(parse(R"([{"device": "a", "share": 1, "utc_offset_h": 15}])"), Contains("from -12 to 14"));
}

TEST_CASE("A fleet decides where it has hours, or where rounds have an end of their own")
{
    const auto always = parse(R"([{"device": "a", "share": 1}])");
    const auto on_off =
        parse(R"([{"device": "a", "share": 1, "availability": {"on_off": {"mean_on_h": 1, "mean_off_h": 2}}}])");
    spec::Federated rule;
    CHECK_FALSE(decides(rule, nullptr));
    CHECK_FALSE(decides(rule, &always));
    CHECK(decides(rule, &on_off));
    rule.goal = 5;
    CHECK(decides(rule, nullptr));
    rule = {};
    rule.virtual_deadline_s = 60;
    CHECK(decides(rule, &always));
    rule = {};
    rule.evaluate_every_virtual_minutes = 5;
    CHECK(decides(rule, &always));
}

TEST_CASE("Virtual time begins at midnight, or at the time of day that is stated")
{
    spec::Federated rule;
    CHECK(time_of_day_s(rule) == 0);
    rule.start = "2020-09-14T06:30:00Z";
    CHECK(time_of_day_s(rule) == 6.5 * 3600);
}
