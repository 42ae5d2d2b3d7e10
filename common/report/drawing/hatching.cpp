#include "common/report/drawing/hatching.hpp"

#include <algorithm>
#include <cmath>

#include "common/report/drawing/millimetres.hpp"

namespace fedgram::report {

namespace {

constexpr double apart = 1;  // from line to line, across or down

std::string segment(double x1, double y1, double x2, double y2)
{
    return "M" + millimetres(x1) + " " + millimetres(y1) + "L" + millimetres(x2) + " " + millimetres(y2);
}

// The lines on a grid that all areas share, so that neighbours look as one.
template <class Line>
std::string lines(double from, double to, Line line)
{
    std::string path;
    for (double at = (std::floor(from / apart) + 1) * apart; at < to; at += apart) path += line(at);
    return path;
}

}  // namespace

std::string hatching(Hatch hatch, const Rectangle& area)
{
    const double left = area.left;
    const double right = left + area.width;
    const double top = area.top;
    const double bottom = top + area.height;
    switch (hatch) {
        case Hatch::none:
            return {};
        case Hatch::rising:  // x + y is the same along a line
            return lines(left + top, right + bottom, [&](double sum) {
                const double from = std::max(left, sum - bottom);
                const double to = std::min(right, sum - top);
                return segment(from, sum - from, to, sum - to);
            });
        case Hatch::falling:  // x - y
            return lines(left - bottom, right - top, [&](double difference) {
                const double from = std::max(left, difference + top);
                const double to = std::min(right, difference + bottom);
                return segment(from, from - difference, to, to - difference);
            });
        case Hatch::dotted:
            return lines(top, bottom, [&](double y) {
                return lines(left, right - 0.3, [&](double x) { return segment(x, y, x + 0.3, y); });
            });
        case Hatch::level:
            return lines(top, bottom, [&](double y) { return segment(left, y, right, y); });
        case Hatch::upright:
            return lines(left, right, [&](double x) { return segment(x, top, x, bottom); });
    }
    return {};  // unreachable: all hatches are above
}

}  // namespace fedgram::report
