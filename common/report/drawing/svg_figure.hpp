#pragma once

#include <string>

#include "common/report/drawing/figure_width.hpp"
#include "common/report/figure/figure.hpp"

namespace fedgram::report {

/// The figure as an SVG document, as wide as it is in print, and as high as its rows and names need.
[[nodiscard]] std::string svg_figure(const Figure& figure, FigureWidth width);

}  // namespace fedgram::report
