#pragma once

#include "common/report/drawing/svg_canvas.hpp"
#include "common/report/figure/figure.hpp"

// What a figure shows, with its axes and its legend, each `width` millimetres wide. All give the height that it took.
namespace fedgram::report {

[[nodiscard]] double draw(SvgCanvas& canvas, const Figure& figure, const AccuracyCurves& content, double width);
[[nodiscard]] double draw(SvgCanvas& canvas, const Figure& figure, const Dots& content, double width);
[[nodiscard]] double draw(SvgCanvas& canvas, const Figure& figure, const Stacks& content, double width);

/// Of a figure with a lane for 0.
inline constexpr const char* zero_note = "Hollow: 0, for which a logarithmic axis has no place.";
/// Of curves and of dots that are means over seeds.
inline constexpr const char* seeds_curve_note =
    "Mean over the seeds; shaded: from the least to the most. In each round, of the seeds that got to it.";
inline constexpr const char* seeds_dot_note =
    "Mean over the seeds that have a result; thick: from the least to the most; thin: the figures' band.";

}  // namespace fedgram::report
