#include "common/report/drawing/legend.hpp"

#include <algorithm>

#include "common/report/drawing/text_width.hpp"

namespace fedgram::report {

namespace {

constexpr double margin = 1;
constexpr double before_name = 1;
constexpr double between_columns = 3;
constexpr double indent = sample_width + before_name;

/// Entries one below the other, then beside each other.
struct Columns {
    std::size_t rows;
    std::vector<double> widths;
    double width;  ///< with what lies between them
};

Columns columns_of(const std::vector<LegendEntry>& entries, std::size_t rows)
{
    Columns columns{rows, {}, -between_columns};
    for (std::size_t first = 0; first < entries.size(); first += rows) {
        double widest_name = 0;
        for (std::size_t i = first; i < std::min(first + rows, entries.size()); ++i)
            widest_name = std::max(widest_name, text_width(entries[i].name));
        columns.widths.push_back(indent + widest_name);
        columns.width += between_columns + columns.widths.back();
    }
    return columns;
}

// With as few rows as there is room for; in one column names are broken into lines.
Columns fitting_columns(const std::vector<LegendEntry>& entries, double room)
{
    for (std::size_t rows = 1; rows < entries.size(); ++rows)
        if (auto columns = columns_of(entries, rows); columns.width <= room) return columns;
    return {entries.size(), {room}, room};
}

}  // namespace

double draw_legend(SvgCanvas& canvas, const std::vector<LegendEntry>& entries, const std::vector<std::string>& notes,
                   double top, double width)
{
    const double room = width - 2 * margin;
    const auto columns = fitting_columns(entries, room);
    const double first_y = top + line_height / 2;
    double x = margin;
    double end = first_y;
    for (std::size_t i = 0; i < columns.widths.size(); ++i) {
        double y = first_y;
        for (std::size_t k = i * columns.rows; k < std::min((i + 1) * columns.rows, entries.size()); ++k) {
            entries[k].sample(canvas, {x, y});
            for (const auto& line : wrapped(entries[k].name, columns.widths[i] - indent)) {
                canvas.text({x + indent, y}, line);
                y += line_height;
            }
        }
        end = std::max(end, y);
        x += columns.widths[i] + between_columns;
    }
    for (const auto& note : notes)
        for (const auto& line : wrapped(note, room)) {
            canvas.text({margin, end}, line);
            end += line_height;
        }
    return end - line_height / 2;
}

}  // namespace fedgram::report
