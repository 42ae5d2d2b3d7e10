#include "common/run/digested_lines.hpp"

#include <filesystem>
#include <span>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Json> objects{{{"subject", "mine"}}, {{"a", 1.5}, {"b", nullptr}}, {{"a", 1.5}, {"b", nullptr}}};

std::vector<std::string> lines()
{
    DigestedLines digested;
    std::vector<std::string> lines;
    for (const auto& object : objects) lines.push_back(digested.next(object));
    return lines;
}

std::string text_of(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines) text += line;
    return text;
}

struct Read {
    std::vector<Json> objects;
    std::uint64_t bytes;
};

Read read(const std::string& text)
{
    std::vector<Json> found;
    const auto bytes =
        DigestedLines{}.read(text, "file", [&](const Json& object, const std::string&) { found.push_back(object); });
    return {found, bytes};
}

}  // namespace

TEST_CASE("A line bears the digest of itself and of the one before it", "[run]")
{
    const auto digest = [](std::string_view text) {
        return files::sha256(std::as_bytes(std::span{text})).substr(0, 16);
    };
    const auto first = digest(R"({"subject":"mine"})");
    const auto second = digest(first + R"({"a":1.5,"b":null})");
    CHECK(lines()[0] == R"({"subject":"mine","digest":")" + first + "\"}\n");
    CHECK(lines()[1] == R"({"a":1.5,"b":null,"digest":")" + second + "\"}\n");
    CHECK(lines()[2] != lines()[1]);  // of the same object
    CHECK(read(text_of(lines())).objects == objects);
}

// Its digests are by another program's SHA-256.
TEST_CASE("A kept file of digested lines is read", "[run]")
{
    const auto file = test::source_folder() / "tests/fuzz/corpus/analysis/measurements.jsonl";
    const auto [objects, bytes] = read(test::read_file(file));
    REQUIRE(objects.size() == 3);
    CHECK(objects[0]["goal"] == "maximizing throughput");
    CHECK(objects[2]["throughput_per_s"] == 1230.5);
    CHECK(bytes == std::filesystem::file_size(file));
}

TEST_CASE("Wherever a file is cut off, its whole lines are read, and the next one goes behind them", "[run]")
{
    const auto all = lines();
    const auto text = text_of(all);
    for (std::size_t length = 0; length <= text.size(); ++length) {
        std::size_t whole = 0;
        std::size_t whole_bytes = 0;
        while (whole < all.size() && whole_bytes + all[whole].size() <= length) whole_bytes += all[whole++].size();
        DigestedLines digested;
        std::vector<Json> found;
        const auto bytes = digested.read(text.substr(0, length), "file",
                                         [&](const Json& object, const std::string&) { found.push_back(object); });
        REQUIRE(found == std::vector(objects.begin(), objects.begin() + static_cast<std::ptrdiff_t>(whole)));
        REQUIRE(bytes == whole_bytes);
        if (whole < all.size()) REQUIRE(digested.next(objects[whole]) == all[whole]);
    }
}

TEST_CASE("Whatever byte of a line is altered, the line is named", "[run]")
{
    const auto good = lines();
    for (std::size_t at = 0; at + 1 < good[1].size(); ++at) {
        auto damaged = good;
        damaged[1][at] = static_cast<char>(damaged[1][at] ^ 1);
        CAPTURE(damaged[1]);
        REQUIRE_THROWS_AS(read(text_of(damaged)), DataError);
        REQUIRE_THROWS_WITH(
            read(text_of(damaged)),
            Catch::StartsWith("file:2: the line is damaged or not in its place: its digest should be \"") &&
                Catch::EndsWith("\"; remove it and all lines behind it, and they are made anew"));
    }
}

TEST_CASE("A line that is moved, doubled, taken out or written by somebody else is found", "[run]")
{
    const auto good = lines();
    const auto place = [](const std::vector<std::string>& lines) -> std::string {
        try {
            static_cast<void>(read(text_of(lines)));
            return "no error";
        } catch (const DataError& error) {
            return std::string{error.what()}.substr(0, 7);
        }
    };
    CHECK(place({good[1], good[0], good[2]}) == "file:1:");
    CHECK(place({good[0], good[1], good[1]}) == "file:3:");
    CHECK(place({good[0], good[2]}) == "file:2:");
    CHECK(place({good[1], good[2]}) == "file:1:");
    CHECK(place({good[0], "{\"a\":1}\n"}) == "file:2:");
    CHECK(place({good[0], "\n"}) == "file:2:");
    CHECK(place({good[0], good[1]}) == "no error");
}

TEST_CASE("What a reader of digested lines refuses is of the file", "[run]")
{
    const auto refuse = [](const Json&, const std::string& path) { throw SpecError{path + ".a: missing; add it"}; };
    CHECK_THROWS_AS(DigestedLines{}.read(text_of(lines()), "file", refuse), DataError);
    CHECK_THROWS_WITH(DigestedLines{}.read(text_of(lines()), "file", refuse), "file:1: line.a: missing; add it");
}
