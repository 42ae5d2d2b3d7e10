#include "common/learning/model/parameters.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::learning;

TEST_CASE("Parameters are hashed as little-endian float32")
{
    // printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum
    const std::vector<float> parameters{1.0F, -2.0F};
    CHECK(sha256(parameters) == "ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b");
    // printf '' | sha256sum
    CHECK(sha256({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
