#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;

namespace {

/// Exit code not 0, one line on standard error for each mistake, all about `text`, nothing on standard output, no
/// folder left.
void check_refusal(const std::vector<std::string>& arguments, const std::filesystem::path& out, const std::string& text)
{
    const auto outcome = run("fedgram", arguments);
    INFO(outcome.err);
    CHECK(outcome.exit_code > 0);
    CHECK(outcome.exit_code < 100);
    CHECK(outcome.out.empty());
    std::istringstream lines{outcome.err};
    std::size_t mistakes = 0;
    for (std::string line; std::getline(lines, line); ++mistakes) {
        CHECK(line.starts_with("fedgram: "));
        CHECK(line.find(text) != std::string::npos);
    }
    CHECK(mistakes > 0);
    CHECK_FALSE(std::filesystem::exists(out));
}

}  // namespace

TEST_CASE("A run that can't be right is refused before anything is written", "[integration]")
{
    TemporaryFolder folder;
    const auto spec = folder / "tiny.json";
    const auto out = folder / "run";
    write_file(spec, tiny_spec);
    const auto refused = [&](const std::string& setting, const std::string& text) {
        check_refusal({"run", spec, "--out", out, "--set", setting}, out, text);
    };
    refused("sead=4", "sead");
    refused("target_accuracy=1.5", "target_accuracy");
    refused("federated.aggregation={\"kind\": \"median\", \"max_memory_mb\": 0}", "max_memory_mb");
    refused("federated.nodes=0", "nodes");
    refused("federated.learning_rat=0.1", "learning_rat");
    refused("trainings.skewed.partition.alpha=0", "alpha");
    refused("trainings.nobody.nodes=3", "nobody");
    refused("model=resnet-1000", "resnet-1000");
    refused("data.dataset=fashion", "fashion");
    refused("engine=tensorflow", "tensorflow");
    check_refusal({"run", folder / "absent.json", "--out", out}, out, "absent.json");
    check_refusal({"run", spec, "--out", out, "--colour"}, out, "--colour");
}

TEST_CASE("A current folder that is gone is told in one line", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    for (const std::string arguments :
         {"run ../tiny.json --out x", "run table4-quick --out x", "sweep epochs-by-alpha --out x"}) {
        INFO(arguments);
        const auto outcome =
            run("/bin/sh", {"-c", "mkdir \"$1\" && cd \"$1\" && rmdir \"$1\" && exec \"$0\" " + arguments,
                            program("fedgram"), folder / "gone"});
        CHECK(outcome.exit_code == 5);
        CHECK(outcome.err ==
              "fedgram: the current folder can't be used: No such file or directory; change to another one\n");
    }
}

TEST_CASE("A folder whose name isn't UTF-8 holds no data of a specification, and is told in one line", "[integration]")
{
    const TemporaryFolder folder;
    const auto latin = folder / "caf\xE9";
    std::filesystem::create_directory(latin);
    write_file(latin / "data.csv", "a,label\n1,x\n2,y\n");
    write_file(latin / "mine.json", R"({"name": "mine", "data": {"dataset": "mine", "format": "csv",
        "files": {"train": "data.csv"}}, "model": "mlp-32", "trainings": [{"label": "c", "kind": "centralized"}]})");
    const auto outcome = run("fedgram", {"run", latin / "mine.json", "--out", folder / "run"});
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err ==
          "fedgram: " + latin.string() +
              ": this name is not valid UTF-8, as all in a specification is; rename it, or go elsewhere\n");
    // Runs may lie there.
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", latin / "run"}).exit_code == 0);
    const auto listed = run("fedgram", {"list", latin, "--json"});
    CHECK(listed.exit_code == 0);
    CHECK_THAT(listed.out, Catch::Contains("caf\xEF\xBF\xBD/run"));
}

TEST_CASE("A table's format is refused with those that there are, before the run is read", "[integration]")
{
    TemporaryFolder folder;
    check_refusal({"table", folder / "run", "--format", "yaml"}, folder / "run",
                  "\"yaml\" is not valid; use one of text, md, csv, json, latex, codecarbon, impact-framework");
}

TEST_CASE("Missing or damaged data is refused before anything is written", "[integration]")
{
    TemporaryFolder folder;
    const auto spec = folder / "tiny.json";
    const auto out = folder / "run";
    write_file(spec, tiny_spec);
    std::filesystem::create_directory(folder / "data");
    check_refusal({"run", spec, "--out", out, "--data-dir", folder / "data"}, out, "train-images-idx3-ubyte");

    const std::filesystem::path original = "/usr/share/datasets/fashion-mnist";
    for (const auto& entry : std::filesystem::directory_iterator{original})
        std::filesystem::copy_file(entry.path(), folder / "data" / entry.path().filename());
    const auto images = folder / "data" / "train-images-idx3-ubyte.gz";
    std::filesystem::resize_file(images, 1'000'000);
    check_refusal({"run", spec, "--out", out, "--data-dir", folder / "data"}, out, images);
}

#ifdef FEDGRAM_TORCH
TEST_CASE("A file that is no TorchScript is refused", "[integration]")
{
    TemporaryFolder folder;
    const auto out = folder / "run";
    write_file(folder / "tiny.json", tiny_spec);
    write_file(folder / "model.pt", "no model at all");
    check_refusal({"run", folder / "tiny.json", "--out", out, "--set",
                   "model={\"torchscript\": \"" + (folder / "model.pt").string() + "\"}"},
                  out, "model.pt");
}
#endif

TEST_CASE("An output folder that holds something is refused, and left as it is", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    std::filesystem::create_directory(folder / "run");
    write_file(folder / "run" / "precious.txt", "keep me");
    const auto outcome = run("fedgram", {"run", folder / "tiny.json", "--out", folder / "run"});
    CHECK(outcome.exit_code > 0);
    CHECK(outcome.err.find("not empty") != std::string::npos);
    CHECK(read_file(folder / "run" / "precious.txt") == "keep me");
}

TEST_CASE("A port in use is named, with the way out", "[integration]")
{
    const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(::bind(taken, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::listen(taken, 1) == 0);
    REQUIRE(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    const auto place = "127.0.0.1:" + std::to_string(::ntohs(address.sin_port));

    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json"}).exit_code == 0);
    const auto outcome =
        run("fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run", "--listen", place});
    ::close(taken);
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err.find(place) != std::string::npos);
    CHECK(outcome.err.find("--listen") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("A coordinator that gets a specification of a user's says how to resolve it", "[integration]")
{
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& changes, const std::string& part) {
        auto json = nlohmann::json::parse(tiny_spec);
        json.merge_patch(nlohmann::json::parse(changes));
        write_file(folder / "spec.json", json.dump());
        const auto outcome = run("fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"});
        const auto path = (folder / "spec.json").string();
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.err == "fedgram-coordinator: " + path + " is not resolved: " + part + "; `fedgram resolve " +
                                 path + " --out FILE` writes one that is\n");
        CHECK_FALSE(std::filesystem::exists(folder / "run"));
    };
    refused(R"({"data": {"dataset": "penguins/data.json"}})", "data.dataset is the path \"penguins/data.json\"");
    refused(R"({"data": {"stand_in": "mnist"}})", "data.stand_in is the name \"mnist\"");
    refused("{}", "model is the name \"mlp-32\"");
    refused(R"({"model": {"layers": [{"kind": "flatten"}, {"kind": "linear", "features": 10}]}})",
            "accounting has no countries");
}

TEST_CASE("A client of other data is sent away once and told why, and the run waits on for its own", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json"}).exit_code == 0);
    // Two labels change places: as many of each class, and other data.
    std::filesystem::create_directory(folder / "data");
    for (const auto& entry : std::filesystem::directory_iterator{"/usr/share/datasets/fashion-mnist"})
        std::filesystem::copy_file(entry.path(), folder / "data" / entry.path().filename());
    const auto labels = folder / "data" / "train-labels-idx1-ubyte";
    REQUIRE(std::system(("gzip -d '" + labels.string() + ".gz'").c_str()) == 0);
    auto bytes = read_file(labels);
    constexpr std::size_t header = 8;
    const auto other = bytes.find_first_not_of(bytes[header], header);
    std::swap(bytes[header], bytes[other]);
    write_file(labels, bytes);

    Process coordinator{"fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"}};
    const auto said = coordinator.read_line();
    const auto address = said.substr(said.find(' ') + 1);
    const std::vector<std::string> client{"--connect", address, "--nodes", "0-4"};
    auto of_other_data = client;
    of_other_data.insert(of_other_data.end(), {"--data-dir", folder / "data"});
    const auto refused = run("fedgram-client", of_other_data);
    CHECK(refused.exit_code == 4);
    CHECK(refused.err.find("its data differs from the coordinator's") != std::string::npos);
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK(run("fedgram-client", client).exit_code == 0);
    CHECK(coordinator.wait().exit_code == 0);
}
