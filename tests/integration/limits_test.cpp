#include <catch2/catch.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;

namespace {

/// The words that run `arguments` of a program under a limit of descriptors, with some more that it inherits.
std::vector<std::string> limited(const std::string& program_name, int descriptors,
                                 const std::vector<std::string>& arguments)
{
    const auto inherited = " 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null 8</dev/null 9</dev/null";
    std::vector<std::string> words{
        "-c", "ulimit -n " + std::to_string(descriptors) + "; exec \"$0\" \"$@\"" + inherited, program(program_name)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

}  // namespace

TEST_CASE("A run with too few file descriptors is refused at once, with the number that it needs", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const std::vector<std::string> arguments{"run", folder / "tiny.json", "--out", folder / "run"};
    const auto outcome = run("/bin/sh", limited("fedgram", 64, arguments));
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err == "fedgram: 64 file descriptors are too few for a run; raise ulimit -n to at least 73\n");
    CHECK_FALSE(std::filesystem::exists(folder / "run"));

    auto with_processes = arguments;
    with_processes.insert(with_processes.end(), {"--client-processes", "5"});
    CHECK_THAT(run("/bin/sh", limited("fedgram", 75, with_processes)).err,
               Catch::StartsWith("fedgram: 75 file descriptors are too few for --client-processes 5; raise ulimit -n "
                                 "to at least 77, or use up to 3"));
    CHECK_FALSE(std::filesystem::exists(folder / "run"));

    // Just enough is enough, and without a wish of the user's the run makes do with what there is.
    CHECK(run("/bin/sh", limited("fedgram", 73, arguments)).exit_code == 0);

    REQUIRE(run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json"}).exit_code == 0);
    const auto by_hand =
        run("/bin/sh", limited("fedgram-coordinator", 64, {"--spec", folder / "spec.json", "--out", folder / "hand"}));
    CHECK(by_hand.exit_code == 5);
    CHECK_THAT(by_hand.err, Contains("raise ulimit -n to at least 73"));
    CHECK_FALSE(std::filesystem::exists(folder / "hand"));
}

TEST_CASE("A run whose clients take all file descriptors ends while nodes are missing, and says how many it needs",
          "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(
        run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json", "--set", "federated.nodes=12"})
            .exit_code == 0);
    Process coordinator{"/bin/sh",
                        limited("fedgram-coordinator", 73, {"--spec", folder / "spec.json", "--out", folder / "run"})};
    const auto address = coordinator.read_line().substr(std::string{"listening "}.size());
    std::vector<std::unique_ptr<Process>> clients;
    for (int node = 0; node < 12; ++node)
        clients.push_back(std::make_unique<Process>(
            "fedgram-client", std::vector<std::string>{"--connect", address, "--nodes", std::to_string(node)}));
    const auto outcome = coordinator.wait();
    CHECK(outcome.exit_code == 5);
    CHECK_THAT(outcome.err, Contains("the clients take all file descriptors, 73, and none is left for the nodes "));
    CHECK_THAT(outcome.err, Contains("raise ulimit -n to "));
}
