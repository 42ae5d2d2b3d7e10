#include "client/node_list.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using fedgram::client::parse_node_list;

TEST_CASE("A list of nodes is numbers and ranges", "[client]")
{
    CHECK(parse_node_list("3").text() == "3");
    CHECK(parse_node_list("0-4,7").text() == "0-4,7");
    CHECK(parse_node_list("0-4 7").text() == "0-4,7");
    CHECK(parse_node_list(" 0-4 , 7 ").text() == "0-4,7");
    CHECK(parse_node_list("9,2-3").text() == "2-3,9");
}

TEST_CASE("What is no list of nodes is refused", "[client]")
{
    for (const char* const text :
         {"", ",", "1,", ",1", "a", "1-", "-1", "4-2", "1,1", "0-3,2", "1 - 2", "1,,2", "99999999999", "0-4000000"})
        CHECK_THROWS_AS(parse_node_list(text), fedgram::SpecError);
}
