#include "common/text/csv_records.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::text;
using Record = std::vector<std::string>;

namespace {

std::vector<Record> records_of(std::string_view text)
{
    const std::string where = "t.csv";
    CsvRecords records{text, where};
    std::vector<Record> all;
    for (std::vector<std::string_view> fields; records.next(fields);) all.push_back({fields.begin(), fields.end()});
    return all;
}

}  // namespace

TEST_CASE("A record has its fields, whatever its line ends in")
{
    CHECK(records_of("").empty());
    CHECK(records_of("a,b\r\n1,\n\n,2") == std::vector<Record>{{"a", "b"}, {"1", ""}, {""}, {"", "2"}});
    CHECK(records_of("\xEF\xBB\xBF"
                     "a\n") == std::vector<Record>{{"a"}});
    CHECK(records_of("a,b\r") == std::vector<Record>{{"a", "b"}});
}

TEST_CASE("A field in quotes holds commas, doubled quotes and line ends")
{
    CHECK(records_of(R"("a, b","say ""no""","")") == std::vector<Record>{{"a, b", "say \"no\"", ""}});
    CHECK(records_of("\"\"\"\"\r\n") == std::vector<Record>{{"\""}});
    CHECK(records_of("1, \"two\nlines\" ,3\r\n4,5,6\n") ==
          std::vector<Record>{{"1", "two\nlines", "3"}, {"4", "5", "6"}});
}

TEST_CASE("A record knows the line on which it begins")
{
    const std::string where = "t.csv";
    CsvRecords records{"a\n\"b\n\nc\",d\ne\n", where};
    std::vector<std::size_t> lines;
    for (std::vector<std::string_view> fields; records.next(fields);) lines.push_back(records.line());
    CHECK(lines == std::vector<std::size_t>{1, 2, 5});
}

TEST_CASE("A quote where none can be is refused with its line and the reason")
{
    CHECK_THROWS_WITH(records_of("a\nb,\"c\nd\n"), "t.csv:2: a quote that isn't closed");
    CHECK_THROWS_WITH(records_of("a\n5\" nail\n"),
                      "t.csv:2: a quote inside a field; put all of the field in quotes, and double it");
    CHECK_THROWS_WITH(records_of("\"a\"b\n"),
                      "t.csv:1: text behind a field in quotes; double the quotes that are inside one");
    CHECK_THROWS_AS(records_of("\"a\rb"), DataError);
    CHECK_THROWS_WITH(records_of("\xFF\xFE"), "t.csv: is UTF-16; save it as UTF-8");
}
