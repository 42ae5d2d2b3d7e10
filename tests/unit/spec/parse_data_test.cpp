#include "common/spec/parse_data.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::spec;
using Json = nlohmann::ordered_json;

namespace {

std::string error_of(const char* text)
{
    try {
        static_cast<void>(parse_data(Json::parse(text)));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("Own data reads back as it was written", "[spec]")
{
    for (
        const auto* text :
        {R"({"dataset": "a-1", "format": "idx", "files": {"train": {"samples": "x", "labels": "y"}, "test": {"samples": "a", "labels": "b", "nodes": "n"}}, "channels": "last"})",
         R"({"dataset": "a-1", "format": "npz", "files": {"train": {"file": "f", "samples": "x", "labels": "y"}, "test_share": 0.3}, "shape": [3, 4, 5], "labels": ["0", "1"]})",
         R"({"dataset": "a-1", "format": "csv", "files": {"train": "t.csv"}, "columns": {"label": "kind", "node": "who", "features": ["a", "b"]}, "standardize": true})",
         R"({"dataset": "a-1", "format": "cifar10", "files": {"train": ["1", "2"], "test": "3"}})",
         R"({"dataset": "a-1", "format": "images", "files": {"train": "f", "test": "g"}})"}) {
        const auto data = parse_data(Json::parse(text));
        REQUIRE(data.own);
        const auto again = parse_data(to_json(data));
        CHECK(again.own == data.own);
        CHECK(to_json(again) == to_json(data));
    }
    CHECK(
        parse_data(Json::parse(R"({"dataset": "a", "format": "csv", "files": {"train": "t.csv"}})")).own->test_share ==
        0.2);
    CHECK_FALSE(parse_data(Json::parse(R"({"dataset": "mnist"})")).own);
}

TEST_CASE("Own data that can't be meant is refused by its key", "[spec]")
{
    CHECK_THAT(error_of(R"({"files": {}, "format": "csv"})"), Catch::Contains("data.dataset"));
    CHECK_THAT(error_of(R"({"dataset": "A b", "files": {"train": "t"}, "format": "csv"})"),
               Catch::Contains("data.dataset: \"A b\" is not valid; use a name of your own"));
    CHECK_THAT(error_of(R"({"dataset": "a", "files": {"train": "t"}})"), Catch::Contains("data.format"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv"})"), Catch::Contains("data.files"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "parquet", "files": {"train": "t"}})"),
               Catch::Contains("use one of"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": {"samples": "t"}}})"),
               Catch::Contains("data.files.train"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "npy", "files": {"train": "x.npy"}})"),
               Catch::Contains("data.files.train"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t", "test_share": 1}})"),
               Catch::Contains("data.files.test_share"));
    CHECK_THAT(
        error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t", "test": "u", "test_share": 0.5}})"),
        Catch::Contains("test_share"));
    CHECK_THAT(
        error_of(
            R"({"dataset": "a", "format": "npy", "files": {"train": {"samples": "x", "labels": "y"}}, "columns": {"label": "k"}})"),
        Catch::Contains("data.columns"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"}, "shape": [1, 2, 3, 4]})"),
               Catch::Contains("data.shape"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"}, "shape": [0]})"),
               Catch::Contains("data.shape[0]"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"}, "labels": ["x", "x"]})"),
               Catch::Contains("data.labels[1]"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"}, "channels": "last"})"),
               Catch::Contains("data.channels"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"}, "stand_in": "mnist"})"),
               Catch::Contains("data.stand_in"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"},
                            "columns": {"label": "k", "features": ["a", "k"]}})"),
               Catch::Contains("data.columns.features"));
    CHECK_THAT(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"},
                            "columns": {"label": "k", "node": "k"}})"),
               Catch::Contains("data.columns.node"));
    CHECK_THAT(error_of(R"({"dataset": "mnist", "shape": [1]})"), Catch::Contains("shape"));
}

TEST_CASE("A folder is put before relative paths of own data; names in an archive stay", "[spec]")
{
    auto npz =
        Json::parse(R"({"format": "npz", "files": {"train": {"file": "a.npz", "samples": "x", "labels": "y"}}})");
    put_before_paths(npz, "here");
    CHECK(npz["files"]["train"] == Json::parse(R"({"file": "here/a.npz", "samples": "x", "labels": "y"})"));
    auto csv = Json::parse(R"({"format": "csv", "files": {"train": ["a.csv", "/b.csv"], "test": "../c.csv"}})");
    put_before_paths(csv, "/data/here");
    CHECK(csv["files"] == Json::parse(R"({"train": ["/data/here/a.csv", "/b.csv"], "test": "/data/c.csv"})"));
    auto odd = Json::parse(R"({"files": 3})");
    put_before_paths(odd, "/data");
    CHECK(odd["files"] == 3);
}
