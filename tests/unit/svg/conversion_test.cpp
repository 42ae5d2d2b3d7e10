#include "common/svg/conversion.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using Catch::Matchers::Contains;

namespace {

const std::string image = R"(<svg xmlns="http://www.w3.org/2000/svg" width="88mm" height="20mm" viewBox="0 0 88 20">
<rect width="44" height="20" fill="#0072b2"/><text x="10" y="10" font-family="sans-serif" font-size="3">text</text>
</svg>)";

// A number of PNG's heading, in big-endian order.
int number_at(const std::string& png, std::size_t at)
{
    int number = 0;
    for (std::size_t i = at; i < at + 4; ++i) number = number * 256 + static_cast<unsigned char>(png.at(i));
    return number;
}

}  // namespace

TEST_CASE("SVG becomes a PDF page of its size, with its text in a font, and the same bytes each time")
{
    const auto pdf = svg::pdf(image);
    CHECK_THAT(pdf, Catch::StartsWith("%PDF-") && Contains("/FontDescriptor"));
    CHECK_THAT(pdf, Contains("/MediaBox [ 0 0 249.448819 56.692913 ]"));  // 88 mm x 72 points / 25.4 mm
    CHECK_THAT(pdf, !Contains("CreationDate"));
    CHECK(svg::pdf(image) == pdf);
}

TEST_CASE("SVG becomes a PNG of 600 dots an inch")
{
    const auto png = svg::png(image);
    CHECK_THAT(png, Catch::StartsWith("\x89PNG\r\n"));
    CHECK(number_at(png, 16) == 2079);  // 88 mm x 600 / 25.4 mm, rounded up
    CHECK(number_at(png, 20) == 473);
}

TEST_CASE("What is no SVG is an error with the reason")
{
    CHECK_THROWS_AS(svg::pdf("no SVG"), SystemError);
    CHECK_THROWS_WITH(svg::png("<svg"), Contains("the figure can't be converted from SVG: "));
}
