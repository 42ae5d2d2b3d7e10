#include <catch2/catch.hpp>

#include "common/report/seeds/same_but_seed.hpp"

using namespace fedgram::report;

namespace {

using Groups = std::vector<std::vector<std::size_t>>;

}  // namespace

TEST_CASE("Runs that differ in the seed alone are one group, in the order of the first of each")
{
    const std::vector<SeededSetting> runs{{"b", 1}, {"a", 1}, {"b", 2}, {"a", 2}, {"c", 1}};
    CHECK(same_but_seed(runs) == Groups{{0, 2}, {1, 3}, {4}});
}

TEST_CASE("Where a seed stands twice no run counts as another result of the same setting")
{
    const std::vector<SeededSetting> runs{{"a", 1}, {"a", 2}, {"a", 1}, {"b", 1}};
    CHECK(same_but_seed(runs) == Groups{{0}, {1}, {2}, {3}});
}
