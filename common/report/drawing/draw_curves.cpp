#include <algorithm>
#include <string>
#include <vector>

#include "common/report/drawing/across_axis.hpp"
#include "common/report/drawing/contents.hpp"
#include "common/report/drawing/legend.hpp"
#include "common/report/drawing/millimetres.hpp"
#include "common/report/drawing/scale.hpp"
#include "common/report/drawing/text_width.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

constexpr const char* accuracy_label = "Test accuracy (%)";
constexpr double curve_width = 0.35;
constexpr const char* target_dash = "1.2 1.2";
constexpr std::size_t shapes_on_a_curve = 10;

double percents(double fraction) { return 100 * fraction; }

bool is_logarithmic(const AccuracyCurves& content) { return content.spent.scale == Axis::Scale::logarithmic; }

Scale across_scale(const AccuracyCurves& content, const PlotArea& area)
{
    std::vector<double> values;
    if (!is_logarithmic(content)) values.push_back(0);
    for (const auto& curve : content.curves)
        for (const auto& point : curve.points) values.push_back(point.spent);
    return {content.spent.scale, values, area.left + padding, area.right - padding};
}

Scale accuracy_scale(const AccuracyCurves& content, const PlotArea& area)
{
    std::vector<double> values;
    for (const double target : content.targets) values.push_back(percents(target));
    for (const auto& curve : content.curves)
        for (const auto& point : curve.points) {
            values.push_back(percents(point.accuracy));
            if (point.over_seeds)
                values.insert(values.end(), {percents(point.over_seeds->least), percents(point.over_seeds->most)});
        }
    return {Axis::Scale::linear, values, area.bottom - padding, area.top + padding};
}

void draw_accuracy_axis(SvgCanvas& canvas, const Scale& scale, const PlotArea& area)
{
    canvas.text({1, line_height / 2 + 0.5}, accuracy_label);
    canvas.line({area.left, area.top}, {area.left, area.bottom}, ink, 0.2);
    for (const auto& tick : scale.ticks()) {
        const double y = scale.at(tick.value);
        canvas.line({area.left, y}, {area.right, y}, pale, 0.15);
        canvas.line({area.left - 1, y}, {area.left, y}, ink, 0.2);
        canvas.text({area.left - 1.5, y}, tick.text, Anchor::end);
    }
}

// From the least to the most of the seeds, there and back. Nothing where no point is of several.
void draw_spread(SvgCanvas& canvas, const Curve& curve, std::size_t index, const Scale& across, const Scale& up)
{
    std::string there;
    std::string back;
    bool is_spread = false;
    for (const auto& [round, spent, accuracy, over] : curve.points) {
        if (!over) return;
        is_spread = is_spread || over->least < over->most;
        const auto place = [&, spent = spent](double y) {
            return millimetres(across.at(spent)) + " " + millimetres(up.at(percents(y)));
        };
        there += (there.empty() ? "M" : "L") + place(over->most);
        back = "L" + place(over->least) + back;
    }
    if (is_spread) canvas.area(there + back + "Z", look(index).colour);
}

// Shapes on some of its points: always on the first and the last one, and on the last one at 0. Curves begin to leave
// points out at different ones, so that their shapes don't meet.
void draw_curve(SvgCanvas& canvas, const AccuracyCurves& content, std::size_t index, const Scale& across,
                const Scale& up)
{
    const auto& source = content.curves[index].source;
    const auto& points = content.curves[index].points;
    const auto [colour, dash, shape] = look(index);
    const auto place = [&](const CurvePoint& point) {
        return Place{across.at(point.spent), up.at(percents(point.accuracy))};
    };
    std::string path;
    for (const auto& point : points)
        path += (path.empty() ? "M" : "L") + millimetres(place(point).x) + " " + millimetres(place(point).y);
    if (points.size() > 1) canvas.path(path, colour, curve_width, dash);

    const std::size_t apart = 1 + (points.size() - 1) / shapes_on_a_curve;
    const auto is_zero = [&](std::size_t i) { return is_logarithmic(content) && points[i].spent <= 0; };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const bool ends = i == 0 || i + 1 == points.size() || (is_zero(i) && !is_zero(i + 1));
        if (!ends && i % apart != index % apart) continue;
        canvas.shape(shape, place(points[i]), colour, is_zero(i) ? Fill::hollow : Fill::filled);
    }
    if (!source.missed.empty()) canvas.cross(place(points.back()), ink);
}

double legend(SvgCanvas& canvas, const Figure& figure, const AccuracyCurves& content, bool has_zeros, double top,
              double width)
{
    std::vector<LegendEntry> entries;
    std::vector<std::string> notes;
    bool misses = false;
    for (std::size_t i = 0; i < content.curves.size(); ++i) {
        const auto& [source, points] = content.curves[i];
        if (points.empty()) {
            notes.push_back(figure.name(source) + ": no test accuracy");
            continue;
        }
        misses = misses || !source.missed.empty();
        entries.push_back({figure.name(source), [i](SvgCanvas& on, Place left) {
                               const auto [colour, dash, shape] = look(i);
                               on.line(left, {left.x + sample_width, left.y}, colour, curve_width, dash);
                               on.shape(shape, {left.x + sample_width / 2, left.y}, colour);
                           }});
    }
    for (const double target : content.targets)
        entries.push_back({"target: " + text::percent(target), [](SvgCanvas& on, Place left) {
                               on.line(left, {left.x + sample_width, left.y}, grey, curve_width, target_dash);
                           }});
    if (misses) notes.push_back("Crossed: where a training that missed its target ended.");
    if (has_zeros) notes.push_back(zero_note);
    if (figure.over_seeds) notes.push_back(seeds_curve_note);
    return draw_legend(canvas, entries, notes, top, width);
}

}  // namespace

double draw(SvgCanvas& canvas, const Figure& figure, const AccuracyCurves& content, double width)
{
    PlotArea area;
    area.top = line_height + 2;
    area.bottom = area.top + (width < 100 ? 48 : 70);
    area.right = width - right_margin;
    const auto up = accuracy_scale(content, area);
    for (const auto& tick : up.ticks()) area.left = std::max(area.left, tick.width() + 2.5);
    const auto across = across_scale(content, area);

    draw_accuracy_axis(canvas, up, area);
    const double below = draw_across_axis(canvas, across, content.spent.label(), area);
    for (const double target : content.targets)
        canvas.line({area.left, up.at(percents(target))}, {area.right, up.at(percents(target))}, grey, curve_width,
                    target_dash);
    for (std::size_t i = 0; i < content.curves.size(); ++i) draw_spread(canvas, content.curves[i], i, across, up);
    for (std::size_t i = 0; i < content.curves.size(); ++i)
        if (!content.curves[i].points.empty()) draw_curve(canvas, content, i, across, up);
    return legend(canvas, figure, content, across.has_lane(), below, width) + 1;
}

}  // namespace fedgram::report
