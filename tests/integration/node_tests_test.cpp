// Nodes with features and test sets of their own, in real processes.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// tiny_spec with three federated trainings alike but for their skew.
std::string skewed_spec()
{
    auto spec = json::parse(tiny_spec);
    spec["federated"]["node_test_share"] = 0.25;
    spec["trainings"] = json::parse(R"([
      {"label": "plain", "kind": "federated"},
      {"label": "noisy", "kind": "federated", "feature_skew": {"kind": "noise", "deviation": 3}},
      {"label": "turned", "kind": "federated", "feature_skew": {"kind": "rotation", "turns": 4}}])");
    return spec.dump();
}

}  // namespace

TEST_CASE("Each node is tested on what it held out, the same for any number of processes", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", skewed_spec());
    const auto run_with = [&](const std::string& processes) {
        const auto outcome = run("fedgram", {"run", folder / "tiny.json", "--out", folder / ("of" + processes),
                                             "--client-processes", processes});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return json::parse(read_file(folder / ("of" + processes) / "summary.json")).at("trainings");
    };
    const auto one = run_with("1"), three = run_with("3");
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(one[i].at("parameters_sha256") == three[i].at("parameters_sha256"));
        CHECK(one[i].at("node_test") == three[i].at("node_test"));
        // 600 samples: 120 at each of five nodes, 30 of them for its test.
        CHECK(one[i].at("node_test").at("samples") == std::vector<int>(5, 30));
    }
    CHECK(one[0].at("parameters_sha256") != one[1].at("parameters_sha256"));
    CHECK(one[0].at("parameters_sha256") != one[2].at("parameters_sha256"));
    CHECK(read_file(folder / "of1/table.json") == read_file(folder / "of3/table.json"));

    // 90 of each node's 120 samples train, for three rounds.
    const auto report = json::parse(run("fedgram", {"report", folder / "of1", "--json"}).out);
    CHECK(report.at("columns")[0].at("samples") == 3 * 5 * 90);
    CHECK(report.at("nodes").size() == 3);
    CHECK(report.at("nodes")[1].at("mean_accuracy") == one[1].at("node_test").at("mean_accuracy"));
    const auto text = run("fedgram", {"report", folder / "of1"}).out;
    CHECK_THAT(text, Catch::Contains("Accuracy by node  nodes"));
    CHECK_THAT(text, Catch::Contains("(5 nodes, partition iid, feature skew by noise (deviation 3"));
    CHECK_THAT(read_file(folder / "of1/table.txt"), Catch::Contains("turned, the nodes' own test sets: mean "));
    const auto table = json::parse(read_file(folder / "of1/table.json"));
    CHECK(table.at("trainings")[2].at("node_test").at("nodes") == 5);
    const auto listed = json::parse(run("fedgram", {"list", folder.path(), "--json"}).out).at("runs");
    CHECK(listed[0].at("trainings")[0].at("node_worst_tenth_accuracy") ==
          one[0].at("node_test").at("worst_tenth_accuracy"));

    // Of an earlier stop nobody knows it.
    CHECK_THAT(run("fedgram", {"table", folder / "of1", "--target", "0.2"}).out, !Catch::Contains("own test sets"));
}

TEST_CASE("Images that aren't square can't be turned by a quarter, which is said before anything is made",
          "[integration]")
{
    TemporaryFolder folder;
    std::string csv = "label,a,b,c\n";
    for (int i = 0; i < 40; ++i) csv += std::to_string(i % 2) + "," + std::to_string(i) + ",1,2\n";
    write_file(folder / "data.csv", csv);
    write_file(folder / "spec.json", R"({"name": "flat", "data": {"dataset": "mine", "format": "csv",
      "files": {"train": "data.csv", "test_share": 0.2}}, "model": "mlp-32",
      "federated": {"nodes": 2, "max_rounds": 1, "feature_skew": {"kind": "rotation"}},
      "trainings": [{"label": "fl", "kind": "federated"}]})");
    const auto outcome = run("fedgram", {"run", folder / "spec.json", "--out", folder / "out"});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err,
               Catch::Contains("trainings.fl") &&
                   Catch::Contains("a quarter turn needs as many rows as columns, and the samples have 1 and 3"));
    CHECK_FALSE(std::filesystem::exists(folder / "out"));
}
