#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;

namespace {

std::string error_of(std::string_view text)
{
    try {
        static_cast<void>(spec::parse_json_text(text, "my.json"));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("comments of both kinds are allowed in a spec's text", "[spec]")
{
    const auto json = spec::parse_json_text("// about\n{\"a\": 1 /* one */}", "my.json");
    CHECK(json.dump() == R"({"a":1})");
}

TEST_CASE("a syntax error names the text, the line and the column", "[spec]")
{
    // The closing brace is the third character of line 3.
    CHECK_THAT(error_of("{\n  \"a\": 1,\n  }"), Catch::StartsWith("my.json:3:3: "));
    CHECK_THAT(error_of(""), Catch::StartsWith("my.json:1:1: "));
    CHECK(error_of("{\"a\": 1e999}") == "my.json: number overflow parsing '1e999'; write a number below 1.8e308");
}

TEST_CASE("a key that stands twice in one object is refused", "[spec]")
{
    CHECK(error_of(R"({"a": {"b": 1, "b": 2}})") == "my.json: the key \"b\" stands twice in one object");
    CHECK(error_of(R"({"a": {"b": 1}, "b": 2})") == "no error");
}

TEST_CASE("nesting too deep to be a spec is refused before it can exhaust the stack", "[spec]")
{
    CHECK_THAT(error_of(std::string(1'000'000, '[')), Catch::Contains("levels of nesting"));
}

TEST_CASE("a byte order mark and line ends of Windows are no part of a JSON text", "[spec]")
{
    CHECK(spec::parse_json_text("\xEF\xBB\xBF// about\r\n{\"a\": 1}\r\n", "my.json").dump() == R"({"a":1})");
}
