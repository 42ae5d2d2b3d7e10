#include <algorithm>
#include <vector>

#include "common/report/drawing/across_axis.hpp"
#include "common/report/drawing/contents.hpp"
#include "common/report/drawing/legend.hpp"
#include "common/report/drawing/row_names.hpp"
#include "common/report/drawing/scale.hpp"

namespace fedgram::report {

namespace {

constexpr double row_height = 2.6;
constexpr double around_group = 1.2;
constexpr double band_width = 0.3;
constexpr double spread_width = 0.9;

/// Where the groups lie, one beneath the other.
struct Rows {
    std::vector<double> tops;
    std::vector<double> heights;
    double bottom{};
};

Rows rows_of(const Dots& content, const RowNames& names, std::size_t rows, double top)
{
    Rows laid;
    for (std::size_t i = 0; i < content.groups.size(); ++i) {
        laid.tops.push_back(top);
        laid.heights.push_back(std::max(row_height * static_cast<double>(rows), names.height(i)) + 2 * around_group);
        top += laid.heights.back();
    }
    laid.bottom = top;
    return laid;
}

bool has_value(const DotSeries& series)
{
    return std::ranges::any_of(series.values, [](const auto& value) { return value.has_value(); });
}

Scale scale_of(const Dots& content, const PlotArea& area)
{
    std::vector<double> values;
    for (const auto& series : content.series)
        for (const auto& value : series.values)
            if (value) {
                values.insert(values.end(), {value->value, value->band.low, value->band.high});
                if (value->over_seeds) values.insert(values.end(), {value->over_seeds->least, value->over_seeds->most});
            }
    return {content.axis.scale, values, area.left + padding, area.right - padding};
}

void draw_value(SvgCanvas& canvas, const BandedValue& value, const Scale& scale, double y, std::size_t index)
{
    const auto [colour, dash, shape] = look(index);
    if (value.band.is_known()) {
        const double low = scale.at(value.band.low);
        const double high = scale.at(value.band.high);
        canvas.line({low, y}, {high, y}, colour, band_width);
        for (const double end : {low, high}) canvas.line({end, y - 0.7}, {end, y + 0.7}, colour, band_width);
    }
    if (value.over_seeds)
        canvas.line({scale.at(value.over_seeds->least), y}, {scale.at(value.over_seeds->most), y}, colour,
                    spread_width);
    canvas.shape(shape, {scale.at(value.value), y}, colour, value.value > 0 ? Fill::filled : Fill::hollow);
}

}  // namespace

double draw(SvgCanvas& canvas, const Figure& figure, const Dots& content, double width)
{
    std::vector<std::size_t> shown;  // indices of the series that have a row
    for (std::size_t i = 0; i < content.series.size(); ++i)
        if (has_value(content.series[i])) shown.push_back(i);
    const RowNames names{content.groups, width};
    const auto rows = rows_of(content, names, shown.size(), 1);
    const PlotArea area{names.width(), width - right_margin, 1, rows.bottom};
    const auto scale = scale_of(content, area);
    const double below = draw_across_axis(canvas, scale, content.axis.label(), area);

    for (std::size_t i = 0; i < content.groups.size(); ++i) {
        const double middle = rows.tops[i] + rows.heights[i] / 2;
        names.draw(canvas, i, middle);
        canvas.line({1, rows.tops[i]}, {area.right, rows.tops[i]}, pale, 0.2);
        double y = middle - row_height * (static_cast<double>(shown.size()) - 1) / 2;
        for (const auto index : shown) {
            if (const auto& value = content.series[index].values[i]) draw_value(canvas, *value, scale, y, index);
            y += row_height;
        }
    }

    std::vector<LegendEntry> entries;
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < content.series.size(); ++i) {
        const auto name = figure.name(content.series[i].source);
        if (has_value(content.series[i]))
            entries.push_back({name, [i](SvgCanvas& on, Place left) {
                                   const auto [colour, dash, shape] = look(i);
                                   on.line(left, {left.x + sample_width, left.y}, colour, band_width);
                                   on.shape(shape, {left.x + sample_width / 2, left.y}, colour);
                               }});
        else
            notes.push_back(name + ", so no result");
    }
    if (scale.has_lane()) notes.emplace_back(zero_note);
    if (figure.over_seeds) notes.emplace_back(seeds_dot_note);
    return draw_legend(canvas, entries, notes, below, width) + 1;
}

}  // namespace fedgram::report
