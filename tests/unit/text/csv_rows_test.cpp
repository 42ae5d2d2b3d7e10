#include "common/text/csv_rows.hpp"

#include <array>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::text;

namespace {

constexpr std::array<std::string_view, 2> columns{"b", "a"};

}  // namespace

TEST_CASE("Rows are reduced to the columns asked for, in their order")
{
    const auto rows = csv_rows("a,x,b\r\n1,,2\r\n\"3, \"\"three\"\"\",x,4", "t.csv", columns);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].line == 2);
    CHECK(rows[0].fields == std::vector<std::string>{"2", "1"});
    CHECK(rows[1].line == 3);
    CHECK(rows[1].fields == std::vector<std::string>{"4", "3, \"three\""});
    CHECK(csv_rows("a,b\n", "t.csv", columns).empty());
}

TEST_CASE("A text without the heading asked for is an error of its first line")
{
    CHECK_THROWS_WITH(csv_rows("", "t.csv", columns), "t.csv:1: no column \"b\"");
    CHECK_THROWS_WITH(csv_rows("a,c\n1,2\n", "t.csv", columns), "t.csv:1: no column \"b\"");
}

TEST_CASE("A row shorter than the heading is an error with its line")
{
    CHECK_THROWS_WITH(csv_rows("a,b\n1,2\n3\n", "t.csv", columns), "t.csv:3: 1 fields are fewer than the heading's");
}

TEST_CASE("A field that is no number is an error that names it")
{
    const CsvRow row{7, {}};
    CHECK(whole_number(row, "t.csv", "year", "2024") == 2024);
    CHECK(not_negative_number(row, "t.csv", "pue", "1.5") == 1.5);
    CHECK_THROWS_WITH(whole_number(row, "t.csv", "year", "2024.5"), "t.csv:7: year: \"2024.5\" is no whole number");
    for (const std::string text : {"", "-1", "nan", "inf", "1,5", "1 "})
        CHECK_THROWS_WITH(not_negative_number(row, "t.csv", "g", text),
                          "t.csv:7: g: \"" + text + "\" is no number of at least 0");
}

TEST_CASE("A byte order mark and line ends of Windows are no part of a CSV text")
{
    constexpr std::array<std::string_view, 2> columns{"utc_start", "gco2e_per_kwh"};
    const auto rows = csv_rows("\xEF\xBB\xBFutc_start,gco2e_per_kwh\r\n2020,5\r\n", "h.csv", columns);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].fields == std::vector<std::string>{"2020", "5"});
    CHECK_THROWS_WITH(csv_rows(std::string_view{"\xFF\xFEu\0t\0", 6}, "h.csv", columns),
                      "h.csv: is UTF-16; save it as UTF-8");
}
