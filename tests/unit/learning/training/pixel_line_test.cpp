#include "common/learning/training/pixel_line.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace fedgram;
using learning::PixelLine;

namespace {

PixelLine normalizing(double mean, double deviation) { return {1 / (255 * deviation), -mean / deviation}; }

}  // namespace

TEST_CASE("A byte becomes the float nearest to its value in double precision", "[learning]")
{
    const double scale = 1 / (255 * 0.353), offset = -0.286 / 0.353;
    const PixelLine line{scale, offset};
    for (int byte = 0; byte < 256; ++byte) {
        const std::vector<std::uint8_t> bytes(16, static_cast<std::uint8_t>(byte));
        std::vector<float> floats(16);
        line.apply(bytes.data(), 16, floats.data());
        INFO("byte " << byte);
        CHECK(std::ranges::count(floats, static_cast<float>(scale * byte + offset)) == 16);
    }
}

TEST_CASE("Each instruction set is exact for the normalizations in use", "[learning]")
{
    for (const auto function : PixelLine::usable())
        for (const auto& [mean, deviation] : std::vector<std::pair<double, double>>{{0, 1},
                                                                                    {0.5, 0.5},
                                                                                    {0.2860, 0.3530},
                                                                                    {0.1307, 0.3081},
                                                                                    {0.1736, 0.3317},
                                                                                    {0.4914, 0.2470},
                                                                                    {0.4822, 0.2435},
                                                                                    {0.4465, 0.2616},
                                                                                    {-0.5, 0.3}}) {
            INFO("mean " << mean << ", deviation " << deviation);
            CHECK(normalizing(mean, deviation).is_exact(function));
        }
}

TEST_CASE("Where single precision would round another way, the definition is computed", "[learning]")
{
    const auto line = normalizing(0.149, 0.109);
    CHECK(line.is_exact(line.function()));
    for (const auto function : PixelLine::usable())
        CHECK((line.function() == PixelLine::by_definition) ==
              (function == PixelLine::by_definition || !line.is_exact(function)));
    // Beyond single precision no other way is right.
    CHECK(PixelLine{1e300, -1e300}.function() == PixelLine::by_definition);
    CHECK(PixelLine{0, -0.0}.is_exact(PixelLine{0, -0.0}.function()));
}

TEST_CASE("As many floats are written as there are bytes", "[learning]")
{
    const auto line = normalizing(0, 1);
    const std::vector<std::uint8_t> bytes(40, 255);
    for (const auto function : PixelLine::usable())
        for (std::size_t count = 0; count < 40; ++count) {
            std::vector<float> floats(41, -1);
            function(line, bytes.data(), count, floats.data());
            for (std::size_t i = 0; i < floats.size(); ++i) CHECK(floats[i] == (i < count ? 1 : -1));
        }
}
