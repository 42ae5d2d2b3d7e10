#include "common/fleet/availability.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::fleet;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

Availability parse(const std::string& json) { return parse_availability(Json::parse(json), "availability"); }

}  // namespace

TEST_CASE("Each form of availability reads back the same")
{
    for (const char* const form :
         {R"("always")", R"({"daily": {"from_h": 22.0, "until_h": 6.0, "spread_h": 1.5}})",
          R"({"on_off": {"mean_on_h": 8.0, "mean_off_h": 16.0}})", R"({"windows": [[0, 0.0, 10.0], [2, 5.0, 6.5]]})"})
        CHECK(to_json(parse(form)) == Json::parse(form));
}

TEST_CASE("A file of hours is read by its columns")
{
    const test::TemporaryFolder folder;
    const auto path = (folder / "hours.csv").string();
    files::write_file(path, "node,start,end\n3,0,100\n3,200,300\n0,50,60\n");
    const auto listed = std::get<ListedWindows>(parse(Json{{"file", path}}.dump()));
    CHECK(listed.windows.at(3) == std::vector<Window>{{0, 100}, {200, 300}});
    CHECK(listed.windows.at(0) == std::vector<Window>{{50, 60}});

    files::write_file(path, "node,start,end\n3,0,100\n3,90,300\n");
    CHECK_THROWS_WITH(parse(Json{{"file", path}}.dump()),
                      Contains("hours.csv:3") && Contains("join those that overlap"));
    files::write_file(path, "node,start,end\n3,100,100\n");
    CHECK_THROWS_WITH(parse(Json{{"file", path}}.dump()), Contains("hours.csv:2") && Contains("has no length"));
}

TEST_CASE("What is wrong with an availability is one line")
{
    CHECK_THROWS_WITH(parse(R"("sometimes")"), Contains("availability: \"sometimes\" is not valid"));
    CHECK_THROWS_WITH(parse(R"({"daily": {"from_h": 6, "until_h": 6}})"), Contains("has no length"));
    CHECK_THROWS_WITH(parse(R"({"daily": {"from_h": 24, "until_h": 6}})"), Contains("availability.daily.from_h"));
    CHECK_THROWS_WITH(parse(R"({"on_off": {"mean_on_h": 0, "mean_off_h": 1}})"), Contains("mean_on_h"));
    CHECK_THROWS_WITH(parse(R"({"windows": [[0, 5]]})"), Contains("[node, start, end]"));
}
