#include "common/learning/pixel_floats.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace fedgram;

TEST_CASE("Every byte becomes the float nearest to its value in double precision, by each instruction set",
          "[learning]")
{
    const double scale = 1 / (255 * 0.353), offset = -0.286 / 0.353;
    std::vector<std::uint8_t> bytes(256);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    for (const auto to_floats : learning::usable_to_floats()) {
        std::vector<float> floats(256);
        to_floats(bytes.data(), 256, scale, offset, floats.data());
        for (int byte = 0; byte < 256; ++byte) {
            INFO("byte " << byte);
            CHECK(floats[static_cast<std::size_t>(byte)] == static_cast<float>(scale * byte + offset));
        }
    }
}

TEST_CASE("As many floats are written as there are bytes", "[learning]")
{
    const std::vector<std::uint8_t> bytes(32, 7);
    for (const auto to_floats : learning::usable_to_floats())
        for (std::size_t count = 0; count < 32; ++count) {
            std::vector<float> floats(33, -1);
            to_floats(bytes.data(), count, 1, 0, floats.data());
            for (std::size_t i = 0; i < floats.size(); ++i) CHECK(floats[i] == (i < count ? 7 : -1));
        }
}
