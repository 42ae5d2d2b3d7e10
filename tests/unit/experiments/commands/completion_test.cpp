#include "experiments/commands/completion.hpp"

#include <catch2/catch.hpp>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::experiments;
using namespace fedgram::test;
using Catch::Contains;

namespace {

std::vector<CommandShape> shapes()
{
    return {{"table",
             "Make a run's table: anew",
             {{"--format", "text [or] md", true, false, {"text", "md"}},
              {"--out", "A file", true, false, {}},
              {"--countries", "Rows", true, false, {"FRA", "France", "Côte d'Ivoire", "South Korea"}},
              {"--measured", "More", false, false, {}}},
             {{"run", "A folder", true, false, {}}}},
            {"run", "Carry out", {}, {{"spec", "A specification", true, false, {"table4", "scale"}}}}};
}

/// What bash offers for the last of `words`.
std::string offered(const TemporaryFolder& folder, const std::string& words)
{
    write_file(folder / "completion.bash", bash_completion("fedgram", shapes()));
    return run("/bin/bash",
               {"-c", "source '" + (folder / "completion.bash").string() + "'; COMP_WORDS=(" + words +
                          "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _fedgram; IFS='|'; echo -n \"${COMPREPLY[*]}\""})
        .out;
}

}  // namespace

TEST_CASE("bash completes commands, options and the values that are known", "[experiments]")
{
    const TemporaryFolder folder;
    CHECK(offered(folder, "fedgram ''") == "table|run|--help|--version");
    CHECK(offered(folder, "fedgram ta") == "table");
    CHECK(offered(folder, "fedgram table --f") == "--format");
    CHECK(offered(folder, "fedgram table --format m") == "md");
    CHECK(offered(folder, "fedgram run ''") == "table4|scale");
    CHECK(offered(folder, "fedgram table --out ''").empty());  // readline offers files
    CHECK(offered(folder, "fedgram table --measured --").find("--out") != std::string::npos);
}

TEST_CASE("bash completes names that hold blanks and quotes, and items of a list", "[experiments]")
{
    const TemporaryFolder folder;
    CHECK(offered(folder, "fedgram table --countries F") == "FRA|France");
    CHECK(offered(folder, "fedgram table --countries C") == "Côte d'Ivoire");
    CHECK(offered(folder, R"(fedgram table --countries 'South\ K')") == "South Korea");  // as readline hands it over
    CHECK(offered(folder, R"(fedgram table --countries "'South K")") == "South Korea");
    CHECK(offered(folder, "fedgram table --countries FRA,Sou") == "FRA,South Korea");
}

TEST_CASE("zsh and fish get the same, each in its own words", "[experiments]")
{
    const auto zsh = zsh_completion("fedgram", shapes());
    CHECK_THAT(zsh, Catch::StartsWith("#compdef fedgram\n"));
    CHECK_THAT(zsh, Contains("'table:Make a run'\\''s table\\: anew'"));
    CHECK_THAT(zsh, Contains("'--format[text \\[or\\] md]:value:(text md)'"));
    CHECK_THAT(zsh, Contains(R"(:value:(FRA France Côte\ d\'\''Ivoire South\ Korea)')"));
    CHECK_THAT(zsh, Contains("'--out[A file]:value:_files'") && Contains("'--measured[More]'"));
    const auto fish = fish_completion("fedgram", shapes());
    CHECK_THAT(fish, Contains("complete -c fedgram -n '__fish_seen_subcommand_from table' -l format -x -a 'text md' -d "
                              "'text [or] md'\n"));
    CHECK_THAT(fish, Contains(R"(-l countries -x -a 'FRA France Côte\\ d\\\'Ivoire South\\ Korea' -d)"));
    CHECK_THAT(fish, Contains("-a table -d 'Make a run\\'s table: anew'\n"));
    CHECK_THAT(fish, Contains("-l out -r -d 'A file'\n") && Contains("-l measured -d 'More'\n"));
    CHECK_THAT(fish, Contains("-n '__fish_seen_subcommand_from run' -a 'table4 scale'\n"));
}
