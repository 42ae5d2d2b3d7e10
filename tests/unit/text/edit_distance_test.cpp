#include "common/text/edit_distance.hpp"

#include <catch2/catch.hpp>

using fedgram::text::edit_distance;

TEST_CASE("The distance of two words is the least number of letters to change, add or leave out")
{
    CHECK(edit_distance("kitten", "sitting") == 3);  // k to s, e to i, and a g
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("same", "same") == 0);
    CHECK(edit_distance("ab", "ba") == 2);
}
