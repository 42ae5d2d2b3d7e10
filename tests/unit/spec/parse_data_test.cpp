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

TEST_CASE("All mistakes of the data are told in one answer, a line each", "[spec]")
{
    CHECK(error_of(R"({"dataset": "A b", "format": "npz", "folder": 3, "channels": "middle", "standardize": 1,
                       "files": {"train": {"file": 1, "samples": "x", "label": "y"}, "test": "t.npz",
                                 "test_share": 0.5},
                       "columns": {"label": "k"}, "shape": [0, 3, -1], "labels": ["a", "", "a"], "stand_in": "mnist",
                       "normalization": {"mean": "m", "standard_deviation": 0}, "train_samples": 0, "colour": 1})") ==
          "data.dataset: \"A b\" is not valid; use a name of your own for these files: small letters, digits and -, "
          "64 at most\n"
          "data.folder: 3 is not valid; use a text without control characters\n"
          "data.files.train.file: 1 is not valid; use a text that is not empty\n"
          "data.files.train.label: unknown key; did you mean labels?\n"
          "data.files.test: \"t.npz\" is not valid; use an object {...}\n"
          "data.files.test_share: 0.5 is not valid; use test, or test_share, not both\n"
          "data.columns: {\"label\":\"k\"} is not valid; use format csv, or leave it out\n"
          "data.channels: \"middle\" is not valid; use one of \"first\", \"last\"\n"
          "data.shape[0]: 0 is not valid; use a whole number from 1 to 65536\n"
          "data.shape[2]: -1 is not valid; use a whole number from 1 to 65536\n"
          "data.labels[1]: \"\" is not valid; use a text\n"
          "data.labels[2]: \"a\" is not valid; use each text once\n"
          "data.standardize: 1 is not valid; use true or false\n"
          "data.stand_in: \"mnist\" is not valid; use null, or leave it out: nothing stands in for your own files\n"
          "data.normalization.mean: \"m\" is not valid; use a number\n"
          "data.normalization.standard_deviation: 0 is not valid; use a number greater than 0\n"
          "data.train_samples: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "data.colour: unknown key; use one of channels, columns, dataset, files, folder, format, labels, "
          "measure_test, normalization, shape, stand_in, standardize, train_samples, validation_share");
}

TEST_CASE("What follows from a mistake of the data is no mistake of its own", "[spec]")
{
    // How files are named, and whether they may have columns, depends on the format.
    CHECK(error_of(R"({"dataset": "a", "format": "parquet", "files": {"train": {"samples": 1}}, "channels": "last",
                       "columns": {"label": "k"}, "standardize": 1})") ==
          "data.format: \"parquet\" is not valid; use one of \"idx\", \"npy\", \"npz\", \"csv\", \"images\", "
          "\"cifar10\", \"cifar100\", \"cifar100-coarse\", \"leaf\"\n"
          "data.standardize: 1 is not valid; use true or false");
    // Without its name the label's column is the default, which would be a feature too.
    CHECK(error_of(R"({"dataset": "a", "format": "csv", "files": {"train": "t"},
                       "columns": {"label": 3, "features": ["label", "b"]}})") ==
          "data.columns.label: 3 is not valid; use a text without control characters");
}

TEST_CASE("A validation split is a share, and the test set is left out beside one alone", "[spec]")
{
    const auto data = parse_data(Json::parse(R"({"validation_share": 0.2, "measure_test": false})"));
    CHECK(data.validation_share == 0.2);
    CHECK_FALSE(data.measure_test);
    CHECK(to_json(data).at("validation_share") == 0.2);
    CHECK(to_json(data).at("measure_test") == false);
    CHECK_FALSE(to_json(parse_data(Json::object())).contains("validation_share"));
    CHECK(error_of(R"({"validation_share": 1})") ==
          "data.validation_share: 1 is not valid; use a number from 0 to below 1");
    CHECK(
        error_of(R"({"measure_test": false})") ==
        "data.measure_test: false is not valid; use true, or a validation_share too: without one, every evaluation is "
        "on the test set");
}
