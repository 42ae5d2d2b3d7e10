#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/report/drawing/svg_canvas.hpp"

namespace fedgram::report {

/// How wide the sample of a legend's entry is.
inline constexpr double sample_width = 7;

struct LegendEntry {
    std::string name;
    std::function<void(SvgCanvas&, Place left)> sample;  ///< draws it from there
};

/// Draws the entries beneath `top` in as many columns as there is room for, and then whole lines of `notes`. Gives
/// where the next thing may begin.
[[nodiscard]] double draw_legend(SvgCanvas& canvas, const std::vector<LegendEntry>& entries,
                                 const std::vector<std::string>& notes, double top, double width);

}  // namespace fedgram::report
