#include "common/text/joined_once.hpp"

#include <vector>

#include <catch2/catch.hpp>

TEST_CASE("Texts are joined in their order, each once, one that another contains too")
{
    const std::vector<std::string> texts{"Nigeria", "France", "Niger", "France"};
    CHECK(fedgram::carbon::joined_once(texts, ", ") == "Nigeria, France, Niger");
    CHECK(fedgram::carbon::joined_once({}, ", ").empty());
}
