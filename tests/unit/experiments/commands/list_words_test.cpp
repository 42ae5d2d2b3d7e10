#include "experiments/commands/list_words.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::experiments;
using Words = std::vector<std::string>;

namespace {

Words joined(const Words& words, std::size_t needed)
{
    return with_joined_lists(words, needed, [](const std::string& option) {
        if (option == "--countries" || option == "--pue") return Follows::a_list;
        return option == "--format" ? Follows::one_value : Follows::nothing;
    });
}

}  // namespace

TEST_CASE("A list may be written with commas, with spaces, or with both")
{
    const Words expected{"run", "--countries", "DEU,FRA", "--json"};
    CHECK(joined({"run", "--countries", "DEU,FRA", "--json"}, 1) == expected);
    CHECK(joined({"run", "--countries", "DEU", "FRA", "--json"}, 1) == expected);
    CHECK(joined({"run", "--countries", "DEU,", "FRA", "--json"}, 1) == expected);
    CHECK(joined({"run", "--countries", "DEU , FRA", "--json"}, 1) == expected);
    CHECK(joined({"run", "--countries=DEU", ",FRA", "--json"}, 1) == expected);
    CHECK(joined({"run", "--countries", "South Korea, France"}, 1) ==
          Words{"run", "--countries", "South Korea,France"});
}

TEST_CASE("A list takes no word that the command still needs")
{
    CHECK(joined({"--countries", "DEU", "run"}, 1) == Words{"--countries", "DEU", "run"});
    CHECK(joined({"run", "--countries", "DEU", "USA/fl"}, 2) == Words{"run", "--countries", "DEU", "USA/fl"});
    CHECK(joined({"--countries", "DEU,", "FRA", "run"}, 1) == Words{"--countries", "DEU,FRA", "run"});
    CHECK(joined({"run", "--format", "md", "--pue", "1.1", "1.5"}, 1) ==
          Words{"run", "--format", "md", "--pue", "1.1,1.5"});
}

TEST_CASE("What isn't a list stays as it is, and a list without a word is left to the parser")
{
    CHECK(joined({"run", "--json", "--format=md", "-5"}, 1) == Words{"run", "--json", "--format=md", "-5"});
    CHECK(joined({"run", "--countries"}, 1) == Words{"run", "--countries"});
    CHECK(joined({"run", "--countries", ","}, 1) == Words{"run", "--countries"});
}
