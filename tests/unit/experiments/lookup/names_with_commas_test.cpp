#include "experiments/lookup/names_with_commas.hpp"

#include <catch2/catch.hpp>

#include "experiments/lookup/record_lookup.hpp"

using namespace fedgram::experiments;
using Names = std::vector<std::string>;

namespace {

Names whole(const Names& items)
{
    const auto record = country_names();
    return with_whole_names(items, [&](const std::string& name) { return record.find(name) != nullptr; });
}

}  // namespace

TEST_CASE("A name with a comma in it is one item of a list")
{
    CHECK(whole({"Korea", "Republic of"}) == Names{"Korea, Republic of"});
    CHECK(whole({"FRA", "Korea", "Republic of", "Virgin Islands", "British", "USA"}) ==
          Names{"FRA", "Korea, Republic of", "Virgin Islands, British", "USA"});
    CHECK(whole({"Saint Helena", "Ascension and Tristan da Cunha"}) ==
          Names{"Saint Helena, Ascension and Tristan da Cunha"});
}

TEST_CASE("Items that are names, or are no part of one, stay as they are")
{
    CHECK(whole({}).empty());
    CHECK(whole({"DEU", "South Korea", "fr"}) == Names{"DEU", "South Korea", "fr"});
    CHECK(whole({"Atlantis", "Republic of"}) == Names{"Atlantis", "Republic of"});
    // Both are countries, though "Guinea, Equatorial" is one more.
    CHECK(with_whole_names({"Guinea", "Mali"}, [](const std::string&) { return true; }) == Names{"Guinea", "Mali"});
}
