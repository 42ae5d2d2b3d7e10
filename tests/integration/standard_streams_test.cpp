#include <catch2/catch.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;

namespace {

const std::string lost = "standard output can't be written; choose another place, or free space there\n";

/// `arguments` in a shell that redirects as `redirection` says.
Outcome redirected(const std::string& program_name, const std::vector<std::string>& arguments,
                   const std::string& redirection)
{
    std::vector<std::string> words{"-c", "\"$0\" \"$@\" " + redirection, program(program_name)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run("/bin/sh", words);
}

}  // namespace

TEST_CASE("What couldn't be printed is an error, of every program", "[integration]")
{
    for (const std::string name : {"fedgram", "fedgram-coordinator", "fedgram-client", "fedgram-serve"})
        for (const std::string place : {">/dev/full", ">&-"}) {
            INFO(name << " " << place);
            const auto outcome = redirected(name, {"--help"}, place);
            CHECK(outcome.exit_code == 5);
            CHECK(outcome.err == name + ": " + lost);
        }
    const auto usage = redirected("fedgram", {"grid", "Atlantis"}, ">&-");
    CHECK(usage.exit_code == 2);  // nothing was to be printed there
}

TEST_CASE("A reader that goes away has seen enough: a shell is told as of other programs", "[integration]")
{
    // Gone before anything is written.
    const auto outcome =
        run("/bin/sh", {"-c", "{ sleep 0.2; \"$0\" grid FRA; echo $? >&2; } | true", program("fedgram")});
    CHECK(outcome.err == "141\n");
}

TEST_CASE("A closed stream is no reason not to train", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto train = [&](const std::string& name, const std::string& redirection) {
        return redirected("fedgram", {"run", folder / "tiny.json", "--out", folder / name}, redirection);
    };
    const auto whole = train("whole", "");
    REQUIRE(whole.exit_code == 0);
    const auto table = read_file(folder / "whole" / "table.json");

    const auto without_output = train("output", ">&-");
    CHECK(without_output.exit_code == 5);
    CHECK_THAT(without_output.err, Catch::EndsWith("fedgram: " + lost));
    CHECK(train("full", ">/dev/full").exit_code == 5);
    CHECK(train("input", "<&-").exit_code == 0);
    CHECK(train("errors", "2>&-").exit_code == 0);
    CHECK(train("all", "<&- >&- 2>&-").exit_code == 5);
    for (const std::string name : {"output", "full", "input", "errors", "all"}) {
        INFO(name);
        CHECK(read_file(folder / name / "table.json") == table);
        CHECK_FALSE(std::filesystem::exists(folder / name / "checkpoint.bin"));
    }
}

TEST_CASE("With closed streams a file holds what was written to it and no message", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto outcome =
        redirected("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json"}, "<&- >&- 2>&-");
    CHECK(outcome.exit_code == 0);
    REQUIRE(run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "again.json"}).exit_code == 0);
    CHECK(read_file(folder / "spec.json") == read_file(folder / "again.json"));
}
