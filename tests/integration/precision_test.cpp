// Trainings in bf16, in real processes, where this CPU has its instructions; and the refusal where it lacks them.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

bool cpu_has_bf16() { return read_file("/proc/cpuinfo").find(" avx512_bf16 ") != std::string::npos; }

const std::vector<std::string> in_bf16{"--set", "centralized.precision=bf16", "--set", "federated.precision=bf16"};

Outcome run_tiny(const TemporaryFolder& folder, const std::string& out, std::vector<std::string> options)
{
    write_file(folder / "tiny.json", tiny_spec);
    options.insert(options.begin(), {"run", folder / "tiny.json", "--out", folder / out});
    return run("fedgram", options);
}

std::vector<std::string> digests(const std::filesystem::path& run)
{
    std::vector<std::string> digests;
    const auto summary = json::parse(read_file(run / "summary.json"));
    for (const auto& training : summary.at("trainings")) digests.push_back(training.at("parameters_sha256"));
    return digests;
}

}  // namespace

TEST_CASE("In bf16 any number of client processes gives the same bytes, and so does a run that was resumed",
          "[integration]")
{
    if (!cpu_has_bf16()) {
        WARN("not tested here: this CPU has no avx512_bf16");
        return;
    }
    const TemporaryFolder folder;
    const auto with = [](std::vector<std::string> options) {
        options.insert(options.end(), in_bf16.begin(), in_bf16.end());
        return options;
    };
    for (const auto& [out, options] : {std::pair{"float32", std::vector<std::string>{}},
                                       {"one", with({"--client-processes", "1"})},
                                       {"three", with({"--client-processes", "3"})},
                                       {"resumed", with({"--pause-at", "2"})}}) {
        const auto outcome = run_tiny(folder, out, options);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }
    const auto resumed = run("fedgram", {"run", "--resume", folder / "resumed"});
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    const auto one = digests(folder / "one");
    CHECK(digests(folder / "three") == one);
    CHECK(digests(folder / "resumed") == one);
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(digests(folder / "float32")[i] != one[i]);
    for (const std::string file : {"table.json", "ledger.jsonl", "rounds.jsonl"})
        CHECK(read_file(folder / "three" / file) == read_file(folder / "one" / file));

    const std::string note =
        "central trained in precision bf16, products in bfloat16 and all else in float32; device profiles price its "
        "FLOPs at float32 rates.";
    CHECK_THAT(read_file(folder / "one/table.txt"), Catch::Contains(note));
    CHECK_THAT(read_file(folder / "float32/table.txt"), !Catch::Contains("bf16"));
    const auto text = run("fedgram", {"explain", folder / "one", "FRA/iid"});
    INFO(text.err);
    CHECK_THAT(text.out, Catch::Contains(note));
    const auto facts = json::parse(run("fedgram", {"explain", folder / "one", "FRA/iid", "--json"}).out);
    CHECK(facts.at("notes").at(0) == note);
}

TEST_CASE("Where the CPU can't, a run in bf16 is refused before anything is made", "[integration]")
{
    if (cpu_has_bf16()) {
        WARN("not tested here: this CPU has avx512_bf16");
        return;
    }
    const TemporaryFolder folder;
    const auto outcome = run_tiny(folder, "run", in_bf16);
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err ==
          "fedgram: trainings.central.precision: \"bf16\" takes a CPU with AVX-512 and its BF16 instructions "
          "(avx512_bf16 in /proc/cpuinfo), which this one lacks; use \"float32\" or another machine\n");
    CHECK_FALSE(std::filesystem::exists(folder / "run"));
}
