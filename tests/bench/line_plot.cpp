#include "tests/bench/line_plot.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fedgram::bench {

namespace {

constexpr double width = 420;
constexpr double height = 320;
constexpr double left = 70;
constexpr double right = 20;
constexpr double top = 40;
constexpr double bottom = 50;
constexpr std::array colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

/// Of a logarithmic axis: whole powers of ten, and where a value lies on `length`.
struct Axis {
    int lowest = 0;
    int highest = 1;
    double length = 0;

    Axis(const std::vector<double>& values, double size) : length{size}
    {
        const auto [least, most] = std::ranges::minmax(values);
        lowest = static_cast<int>(std::floor(std::log10(least)));
        highest = std::max(lowest + 1, static_cast<int>(std::ceil(std::log10(most))));
    }

    [[nodiscard]] double at(double value) const { return (std::log10(value) - lowest) / (highest - lowest) * length; }
};

std::string power(int exponent)
{
    return exponent >= 0 && exponent < 3 ? fmt::format("{}", std::lround(std::pow(10, exponent)))
                                         : fmt::format("10<tspan dy=\"-5\" font-size=\"9\">{}</tspan>", exponent);
}

std::string drawn(const Panel& panel, double offset)
{
    std::vector<double> xs;
    std::vector<double> ys;
    for (const auto& line : panel.lines)
        for (const auto& [x, y] : line.points) {
            xs.push_back(x);
            ys.push_back(y);
        }
    const Axis across{xs, width - left - right};
    const Axis up{ys, height - top - bottom};
    const auto px = [&](double x) { return offset + left + across.at(x); };
    const auto py = [&](double y) { return height - bottom - up.at(y); };

    auto text = fmt::format("<text x=\"{}\" y=\"20\" font-weight=\"bold\">{}</text>\n", offset + left, panel.title);
    for (int exponent = across.lowest; exponent <= across.highest; ++exponent) {
        const double x = px(std::pow(10, exponent));
        text += fmt::format("<path d=\"M{0} {1}V{2}\" stroke=\"#ddd\"/>\n", x, top, height - bottom);
        text += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", x, height - bottom + 18,
                            power(exponent));
    }
    for (int exponent = up.lowest; exponent <= up.highest; ++exponent) {
        const double y = py(std::pow(10, exponent));
        text += fmt::format("<path d=\"M{0} {1}H{2}\" stroke=\"#ddd\"/>\n", offset + left, y, offset + width - right);
        text += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", offset + left - 6, y + 4,
                            power(exponent));
    }
    text += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                        offset + (left + width - right) / 2, height - 12, panel.x);
    text += fmt::format("<text transform=\"translate({} {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                        offset + 18, (top + height - bottom) / 2, panel.y);
    std::string names;
    for (std::size_t i = 0; i < panel.lines.size(); ++i) {
        const auto& line = panel.lines[i];
        const auto* const colour = colours[i % colours.size()];
        std::string path;
        for (const auto& [x, y] : line.points) {
            path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", px(x), py(y));
            text += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"/>\n", px(x), py(y), colour);
        }
        text += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", path, colour);
        names += fmt::format("<tspan dx=\"12\" fill=\"{}\">{}</tspan>", colour, line.name);
    }
    return text + fmt::format("<text x=\"{}\" y=\"20\" text-anchor=\"end\">{}</text>\n", offset + width - right, names);
}

}  // namespace

std::string svg(const std::vector<Panel>& panels)
{
    auto text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" "
        "font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        width * static_cast<double>(panels.size()), height);
    for (std::size_t i = 0; i < panels.size(); ++i) text += drawn(panels[i], width * static_cast<double>(i));
    return text + "</svg>\n";
}

}  // namespace fedgram::bench
