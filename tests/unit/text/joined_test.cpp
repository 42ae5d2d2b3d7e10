#include "common/text/joined.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::text;

TEST_CASE("Texts are joined in their order")
{
    CHECK(joined(std::vector<std::string>{"b", "a", "b"}) == "b, a, b");
    CHECK(joined(std::vector<std::string>{"b", "a"}, "; ") == "b; a");
    CHECK(joined(std::vector<std::string>{}).empty());
}

TEST_CASE("Texts are joined each once, one that another contains too")
{
    const std::vector<std::string> texts{"Nigeria", "France", "Niger", "France"};
    CHECK(joined_once(texts) == "Nigeria, France, Niger");
    CHECK(joined_once(std::vector<std::string>{}).empty());
}
