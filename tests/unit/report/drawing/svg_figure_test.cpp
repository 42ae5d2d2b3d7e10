#include "common/report/drawing/svg_figure.hpp"

#include <regex>

#include <catch2/catch.hpp>

#include "common/report/drawing/text_width.hpp"

using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

struct Box {
    std::string text;
    double left, right, top, bottom;
};

std::string unescaped(std::string text)
{
    for (const auto& [entity, letter] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}})
        text = std::regex_replace(text, std::regex{entity}, letter);
    return text;
}

/// Where the texts of a figure stand at most, by what the drawing itself takes for their width.
std::vector<Box> text_boxes(const std::string& svg)
{
    static const std::regex element{
        R"rx(<text x="([^"]*)" y="([^"]*)" text-anchor="(\w+)">([^<]*)(?:<tspan[^>]*>([^<]*)</tspan>)?</text>)rx"};
    std::vector<Box> boxes;
    for (std::sregex_iterator each{svg.begin(), svg.end(), element}, end; each != end; ++each) {
        const auto& match = *each;
        const double x = std::stod(match[1]);
        const double y = std::stod(match[2]);
        const double width = text_width(unescaped(match[4])) + 0.7 * text_width(match[5].str());
        const double left = x - (match[3] == "middle" ? width / 2 : match[3] == "end" ? width : 0);
        boxes.push_back({match[4], left, left + width, y - 0.76 * font_size, y + 0.24 * font_size});
    }
    return boxes;
}

std::pair<double, double> size_of(const std::string& svg)
{
    std::smatch match;
    REQUIRE(std::regex_search(svg, match, std::regex{R"rx(viewBox="0 0 (\S+) (\S+)")rx"}));
    return {std::stod(match[1]), std::stod(match[2])};
}

void check_texts(const std::string& svg)
{
    const auto [width, height] = size_of(svg);
    const auto boxes = text_boxes(svg);
    std::size_t texts = 0;
    for (auto at = svg.find("<text "); at != std::string::npos; at = svg.find("<text ", at + 1)) ++texts;
    REQUIRE(boxes.size() == texts);
    for (const auto& box : boxes) {
        INFO(box.text);
        CHECK(box.left >= 0);
        CHECK(box.right <= width);
        CHECK(box.top >= 0);
        CHECK(box.bottom <= height);
        for (const auto& other : boxes) {
            if (&other == &box) continue;
            INFO(other.text);
            CHECK((box.right <= other.left || other.right <= box.left || box.bottom <= other.top ||
                   other.bottom <= box.top));
        }
    }
}

Figure some_curves()
{
    AccuracyCurves content{{"Emissions, Bosnia and Herzegovina", "gCO2e", "gco2e"}, {}, {0.9}};
    for (int k = 0; k < 9; ++k) {
        Curve curve{{"seed-" + std::to_string(k), "federated-noniid & <more>, jetson-tx2", k == 1 ? "not reached" : ""},
                    {}};
        for (std::uint32_t round = 1; round <= 40; ++round)
            curve.points.push_back({round, k == 2 && round < 4 ? 0 : 1e-5 * round * (k + 1), 0.3 + 0.015 * round});
        content.curves.push_back(curve);
    }
    content.curves.push_back({{"seed-9", "central"}, {}});
    return {"table4: a \"title\"", content, true};
}

Figure some_dots()
{
    Dots content{{"Emissions with their bands", "gCO2e", "gco2e"}, "country", {}, {}};
    content.groups = {"United States", "Korea, Democratic People's Republic of", "Norway"};
    for (int k = 0; k < 5; ++k) {
        DotSeries series{{"mine", "federated-" + std::to_string(k)}, {}};
        for (const double value : {0.23, 0.04, 0.})
            series.values.push_back(BandedValue{value, {value * 0.2, value * 4}});
        content.series.push_back(series);
    }
    content.series.push_back({{"mine", "skewed", "diverged"}, {std::nullopt, std::nullopt, std::nullopt}});
    return {"dots", content};
}

Figure some_stacks()
{
    Stacks content{{"Energy", "J", "joules", Axis::Scale::linear},
                   {"training", "download", "upload", "waiting", "data centre beside IT (PUE)", "network"},
                   {}};
    content.stacks = {{{"mine", "v100, PUE 1.67"}, {112, 0, 0, 0, 75, 0}},
                      {{"mine", "federated-noniid-dirichlet, jetson-tx2", "not reached"}, {900, 100, 200, 300, 0, 400}},
                      {{"mine", "nothing"}, {0, 0, 0, 0, 0, 0}}};
    return {"stacks", content};
}

}  // namespace

TEST_CASE("No text of a figure meets another or leaves the figure, at either width")
{
    for (const auto width : {FigureWidth::one_column, FigureWidth::two_columns})
        for (const auto& figure : {some_curves(), some_dots(), some_stacks()}) {
            INFO(figure.title);
            check_texts(svg_figure(figure, width));
        }
}

TEST_CASE("A figure has its width in print, text as text, and an axis with its unit")
{
    const auto svg = svg_figure(some_curves(), FigureWidth::one_column);
    CHECK_THAT(svg, Contains("width=\"88mm\"") && Contains("font-family=\"sans-serif\" font-size=\"2.822\""));
    CHECK_THAT(svg, Contains(">Test accuracy (%)</text>") && Contains("(gCO2e)</text>"));
    CHECK_THAT(svg, Contains("<title>table4: a &quot;title&quot;</title>") && !Contains("<more>"));
    CHECK_THAT(svg, Contains(">target: 90.0 %</text>"));
    CHECK_THAT(svg_figure(some_stacks(), FigureWidth::two_columns),
               Contains("width=\"180mm\"") && Contains(">Energy (kJ)</text>"));
}

TEST_CASE("What a figure can't place is marked and said: 0 on a logarithmic axis, a missed target, no accuracy")
{
    const auto curves = svg_figure(some_curves(), FigureWidth::two_columns);
    CHECK_THAT(curves, Contains("fill=\"#ffffff\" stroke=\"#009e73\""));  // hollow, in the third curve's colour
    CHECK_THAT(curves, Contains("Hollow: 0, for which") && Contains(">0</text>"));
    CHECK_THAT(curves, Contains("jetson-tx2: not reached</text>") && Contains("Crossed: where a training that missed"));
    CHECK_THAT(curves, Contains("seed-9: central: no test accuracy"));
    const auto dots = svg_figure(some_dots(), FigureWidth::one_column);
    CHECK_THAT(dots, Contains("Hollow: 0, for which") && Contains("skewed: diverged, so no result"));
}
