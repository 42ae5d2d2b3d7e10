#pragma once

#include <string>
#include <vector>

#include "common/report/drawing/svg_canvas.hpp"

namespace fedgram::report {

/// The names to the left of rows, broken into lines where they take too much of the figure's width.
class RowNames {
public:
    RowNames(const std::vector<std::string>& names, double figure_width);

    [[nodiscard]] double width() const;                  ///< with the space around them
    [[nodiscard]] double height(std::size_t row) const;  ///< of the name's lines
    void draw(SvgCanvas& canvas, std::size_t row, double middle) const;

private:
    std::vector<std::vector<std::string>> lines_;
};

}  // namespace fedgram::report
