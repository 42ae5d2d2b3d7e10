#include "coordinator/node_text.hpp"

#include <catch2/catch.hpp>
#include <vector>

using fedgram::coordinator::node_text;

TEST_CASE("Nodes in a row are a range")
{
    CHECK(node_text(std::vector<std::uint32_t>{}) == "");
    CHECK(node_text(std::vector<std::uint32_t>{3}) == "3");
    CHECK(node_text(std::vector<std::uint32_t>{0, 1, 2, 3, 4}) == "0-4");
    CHECK(node_text(std::vector<std::uint32_t>{0, 2, 3, 7, 9, 10}) == "0,2-3,7,9-10");
}
