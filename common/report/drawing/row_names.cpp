#include "common/report/drawing/row_names.hpp"

#include <algorithm>

#include "common/report/drawing/text_width.hpp"

namespace fedgram::report {

namespace {

constexpr double margin = 1;

}  // namespace

RowNames::RowNames(const std::vector<std::string>& names, double figure_width)
{
    for (const auto& name : names) lines_.push_back(wrapped(name, 0.36 * figure_width));
}

double RowNames::width() const
{
    double width = 0;
    for (const auto& lines : lines_) width = std::max(width, widest(lines));
    return margin + width + 1.5;
}

double RowNames::height(std::size_t row) const { return static_cast<double>(lines_[row].size()) * line_height; }

void RowNames::draw(SvgCanvas& canvas, std::size_t row, double middle) const
{
    double y = middle - (height(row) - line_height) / 2;
    for (const auto& line : lines_[row]) {
        canvas.text({margin, y}, line);
        y += line_height;
    }
}

}  // namespace fedgram::report
