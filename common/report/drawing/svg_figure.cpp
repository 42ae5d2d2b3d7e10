#include "common/report/drawing/svg_figure.hpp"

#include <variant>

#include "common/report/drawing/contents.hpp"
#include "common/report/drawing/svg_canvas.hpp"

namespace fedgram::report {

std::string svg_figure(const Figure& figure, FigureWidth width)
{
    const auto across = static_cast<double>(width);
    SvgCanvas canvas;
    const double height =
        std::visit([&](const auto& content) { return draw(canvas, figure, content, across); }, figure.content);
    return canvas.document(across, height, figure.title);
}

}  // namespace fedgram::report
