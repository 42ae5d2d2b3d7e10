#pragma once

#include <string>

#include "common/report/drawing/scale.hpp"
#include "common/report/drawing/svg_canvas.hpp"

namespace fedgram::report {

/// The rectangle that points and bars are drawn in.
struct PlotArea {
    double left{};
    double right{};
    double top{};
    double bottom{};
};

/// The first and last numbers of an axis keep this far from the area's edges.
inline constexpr double padding = 2;
/// What an area leaves free to its right, for half a tick's label.
inline constexpr double right_margin = 4.5;

/// Draws the axis beneath `area`, with its grid lines in it, its labels, and a break between a lane for 0 and the rest.
/// Gives where the next thing may begin.
[[nodiscard]] double draw_across_axis(SvgCanvas& canvas, const Scale& scale, const std::string& label,
                                      const PlotArea& area);

}  // namespace fedgram::report
