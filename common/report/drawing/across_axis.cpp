#include "common/report/drawing/across_axis.hpp"

#include <algorithm>

#include "common/report/drawing/text_width.hpp"

namespace fedgram::report {

namespace {

constexpr double tick_length = 1;

// Two strokes aslant, as one breaks an axis.
void draw_break(SvgCanvas& canvas, double x, double y)
{
    canvas.line({x - 0.5, y}, {x + 0.5, y}, "#ffffff", 0.8);
    for (const double shift : {-0.5, 0.5}) canvas.line({x + shift - 0.4, y + 1}, {x + shift + 0.4, y - 1}, ink, 0.2);
}

}  // namespace

double draw_across_axis(SvgCanvas& canvas, const Scale& scale, const std::string& label, const PlotArea& area)
{
    canvas.line({area.left, area.bottom}, {area.right, area.bottom}, ink, 0.2);
    double y = area.bottom + tick_length + line_height / 2;
    for (const auto& tick : scale.ticks()) {
        const double x = scale.at(tick.value);
        const double length = tick.text.empty() ? tick_length / 2 : tick_length;
        canvas.line({x, area.bottom}, {x, area.bottom + length}, ink, 0.2);
        if (tick.text.empty()) continue;
        canvas.line({x, area.top}, {x, area.bottom}, pale, 0.15);
        canvas.text({x, y}, tick.text, Anchor::middle, tick.power);
    }
    if (scale.has_lane()) draw_break(canvas, scale.gap(), area.bottom);
    y += line_height;
    for (const auto& line : wrapped(label, area.right - area.left)) {
        canvas.text({(area.left + area.right) / 2, y}, line, Anchor::middle);
        y += line_height;
    }
    return y - line_height / 2 + 1;
}

}  // namespace fedgram::report
