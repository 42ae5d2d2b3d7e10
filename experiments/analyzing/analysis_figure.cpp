#include <algorithm>
#include <functional>
#include <sstream>

#include "common/report/drawing/across_axis.hpp"
#include "common/report/drawing/legend.hpp"
#include "common/report/drawing/look.hpp"
#include "common/report/drawing/millimetres.hpp"
#include "common/report/drawing/scale.hpp"
#include "common/report/drawing/svg_canvas.hpp"
#include "common/report/drawing/text_width.hpp"
#include "common/report/drawing/xml_text.hpp"
#include "common/report/figure/figure.hpp"
#include "experiments/analyzing/analysis_report.hpp"

namespace fedgram::experiments {

namespace {

using report::Place;
using report::PlotArea;
using report::Scale;
using report::SvgCanvas;

constexpr double figure_width = 120;
constexpr double panel_height = 55;
constexpr double line_width = 0.35;
constexpr const char* bound_dash = "1.2 1.2";

/// What stands upwards in one of the two panels.
struct Panel {
    std::string label;
    analysis::Metric metric;
    double unit;  ///< a value of the axis in the metric's own unit
    std::function<std::optional<double>(const analysis::CurvePoint&)> value;
};

std::optional<double> bound(const AnalysisReport& report, analysis::Metric metric)
{
    const auto found = std::ranges::find(report.goal.constraints, metric, &analysis::Constraint::metric);
    return found == report.goal.constraints.end() ? std::nullopt : std::optional{found->bound};
}

struct Point {
    double across;
    double up;
};

std::vector<Point> points_of(const analysis::Standing& standing, const Panel& panel)
{
    std::vector<Point> points;
    for (const auto& point : standing.curve)
        if (const auto value = panel.value(point)) points.push_back({point.p99_ms, *value / panel.unit});
    return points;
}

void draw_up_axis(SvgCanvas& canvas, const Scale& scale, const std::string& label, const PlotArea& area)
{
    canvas.text({1, area.top - report::line_height / 2 - 1}, label);
    canvas.line({area.left, area.top}, {area.left, area.bottom}, report::ink, 0.2);
    for (const auto& tick : scale.ticks()) {
        const double y = scale.at(tick.value);
        canvas.line({area.left, y}, {area.right, y}, report::pale, 0.15);
        canvas.text({area.left - 1.5, y}, tick.text, report::Anchor::end, tick.power);
    }
}

void draw_curve(SvgCanvas& canvas, const std::vector<Point>& points, std::size_t index, const Scale& across,
                const Scale& up)
{
    const auto [colour, dash, shape] = report::look(index);
    std::string path;
    for (const auto& [x, y] : points)
        path += (path.empty() ? "M" : "L") + report::millimetres(across.at(x)) + " " + report::millimetres(up.at(y));
    if (points.size() > 1) canvas.path(path, colour, line_width, dash);
    for (const auto& [x, y] : points) canvas.shape(shape, {across.at(x), up.at(y)}, colour);
}

/// Gives where the next thing may begin.
double draw_panel(SvgCanvas& canvas, const AnalysisReport& report, const Panel& panel, double top)
{
    std::vector<double> across_values;
    std::vector<double> up_values{0};
    for (const auto& standing : report.result.best)
        for (const auto& [x, y] : points_of(standing, panel)) {
            across_values.push_back(x);
            up_values.push_back(y);
        }
    if (across_values.empty()) return top;
    const auto most_p99 = bound(report, analysis::Metric::p99);
    const auto of_value = bound(report, panel.metric);
    if (most_p99) across_values.push_back(*most_p99);
    if (of_value) up_values.push_back(*of_value / panel.unit);

    PlotArea area;
    area.top = top + report::line_height + 2;
    area.bottom = area.top + panel_height;
    area.right = figure_width - report::right_margin;
    const Scale up{report::Axis::Scale::linear, up_values, area.bottom - report::padding, area.top + report::padding};
    for (const auto& tick : up.ticks()) area.left = std::max(area.left, tick.width() + 2.5);
    const Scale across{report::Axis::Scale::logarithmic, across_values, area.left + report::padding,
                       area.right - report::padding};
    draw_up_axis(canvas, up, panel.label, area);
    const double below = report::draw_across_axis(canvas, across, "p99 latency (ms)", area);
    if (most_p99)
        canvas.line({across.at(*most_p99), area.top}, {across.at(*most_p99), area.bottom}, report::grey, line_width,
                    bound_dash);
    if (of_value) {
        const double y = up.at(*of_value / panel.unit);
        canvas.line({area.left, y}, {area.right, y}, report::grey, line_width, bound_dash);
    }
    for (std::size_t i = 0; i < report.result.best.size(); ++i)
        draw_curve(canvas, points_of(report.result.best[i], panel), i, across, up);
    return below + 2;
}

// Line by line, as XML's attributes have no place for a line's end.
std::string escaped(const std::string& text)
{
    std::istringstream lines{text};
    std::string escaped;
    for (std::string line; std::getline(lines, line);) escaped += report::xml_text(line) + "\n";
    return escaped;
}

std::string paragraph(const std::string& text) { return "<p>" + report::xml_text(text) + "</p>\n"; }

}  // namespace

std::string analysis_svg(const AnalysisReport& report)
{
    const std::vector<Panel> panels{
        {"Throughput (answers/s)", analysis::Metric::throughput, 1,
         [](const analysis::CurvePoint& point) { return std::optional{point.throughput_per_s}; }},
        {"Memory (MB)", analysis::Metric::memory, 1e6,
         [](const analysis::CurvePoint& point) { return point.memory_bytes; }}};
    SvgCanvas canvas;
    double y = 0;
    for (const auto& panel : panels) y = draw_panel(canvas, report, panel, y);
    std::vector<report::LegendEntry> entries;
    for (std::size_t i = 0; i < report.result.best.size(); ++i) {
        const auto& configuration = report.result.best[i].best.probe.configuration;
        entries.push_back({configuration.device + ": " + analysis::configuration_text(configuration, report.variants),
                           [i](SvgCanvas& on, Place left) {
                               const auto [colour, dash, shape] = report::look(i);
                               on.line(left, {left.x + report::sample_width, left.y}, colour, line_width, dash);
                               on.shape(shape, {left.x + report::sample_width / 2, left.y}, colour);
                           }});
    }
    std::vector<std::string> notes;
    if (!report.goal.constraints.empty()) notes.emplace_back("Dashed and grey: constraints.");
    const double height = report::draw_legend(canvas, entries, notes, y, figure_width) + 1;
    return canvas.document(figure_width, height, report.model + ": " + report.sentence);
}

std::string analysis_page(const AnalysisReport& report)
{
    const auto title = report::xml_text("Serving " + report.model);
    const auto svg = analysis_svg(report);
    // The figure's own em is of its font, some 3 pixels. Tables scroll, sentences wrap.
    auto page = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
                "</title><style>body{font-family:sans-serif;margin:2rem;max-width:90rem}pre{overflow-x:auto}"
                "svg{width:48rem;max-width:100%;height:auto}</style></head><body>\n<h1>" +
                title + "</h1>\n" + paragraph(report.sentence);
    page += svg.substr(svg.find("<svg")) + "\n";  // behind the XML declaration, which has no place within a page
    if (const auto tables = analysis_tables(report); !tables.empty()) page += "<pre>" + escaped(tables) + "</pre>\n";
    for (const auto& note : report.notes) page += paragraph(note);
    return page + "</body></html>\n";
}

}  // namespace fedgram::experiments
