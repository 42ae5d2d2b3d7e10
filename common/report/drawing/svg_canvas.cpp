#include "common/report/drawing/svg_canvas.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "common/report/drawing/hatching.hpp"
#include "common/report/drawing/millimetres.hpp"
#include "common/report/drawing/text_width.hpp"
#include "common/report/drawing/xml_text.hpp"

namespace fedgram::report {

namespace {

constexpr double shape_size = 0.85;  // from its middle
constexpr double outline = 0.3;
// From the middle of a line of text, which is that of its capitals, to its baseline.
constexpr double to_baseline = 0.36 * font_size;

std::string attribute(const char* name, const std::string& value)
{
    return " " + std::string{name} + "=\"" + value + "\"";
}

std::string attribute(const char* name, double length) { return attribute(name, millimetres(length)); }

std::string dashes(const std::string& dash) { return dash.empty() ? "" : attribute("stroke-dasharray", dash); }

std::string polygon(Place middle, int corners, double first_angle, double radius)
{
    std::string path;
    for (int i = 0; i < corners; ++i) {
        const double angle = first_angle + 2 * std::numbers::pi * i / corners;
        path += (i == 0 ? "M" : "L") + millimetres(middle.x + radius * std::sin(angle)) + " " +
                millimetres(middle.y - radius * std::cos(angle));
    }
    return path + "Z";
}

std::string outline_of(Shape shape, Place middle)
{
    constexpr double eighth = std::numbers::pi / 4;
    switch (shape) {
        case Shape::circle:
            return "M" + millimetres(middle.x - shape_size) + " " + millimetres(middle.y) +
                   "a.85 .85 0 1 0 1.7 0a.85 .85 0 1 0 -1.7 0Z";
        case Shape::square:
            return polygon(middle, 4, eighth, shape_size * 1.25);
        case Shape::triangle:
            return polygon(middle, 3, 0, shape_size * 1.3);
        case Shape::diamond:
            return polygon(middle, 4, 0, shape_size * 1.25);
        case Shape::upside_down_triangle:
            return polygon(middle, 3, std::numbers::pi, shape_size * 1.3);
        case Shape::pentagon:
            return polygon(middle, 5, 0, shape_size * 1.15);
    }
    return {};  // unreachable: all shapes are above
}

}  // namespace

void SvgCanvas::line(Place from, Place to, const std::string& colour, double width, const std::string& dash)
{
    path("M" + millimetres(from.x) + " " + millimetres(from.y) + "L" + millimetres(to.x) + " " + millimetres(to.y),
         colour, width, dash);
}

void SvgCanvas::path(const std::string& path, const std::string& colour, double width, const std::string& dash)
{
    elements_ += "<path" + attribute("d", path) + " fill=\"none\"" + attribute("stroke", colour) +
                 attribute("stroke-width", width) + " stroke-linejoin=\"round\"" + dashes(dash) + "/>\n";
}

void SvgCanvas::area(const std::string& path, const std::string& colour)
{
    elements_ += "<path" + attribute("d", path) + attribute("fill", colour) + " fill-opacity=\"0.2\"/>\n";
}

void SvgCanvas::shape(Shape shape, Place middle, const std::string& colour, Fill fill)
{
    elements_ += "<path" + attribute("d", outline_of(shape, middle)) +
                 attribute("fill", fill == Fill::filled ? colour : "#ffffff") + attribute("stroke", colour) +
                 attribute("stroke-width", outline) + "/>\n";
}

void SvgCanvas::cross(Place middle, const std::string& colour)
{
    const double arm = shape_size * 1.2;
    line({middle.x - arm, middle.y - arm}, {middle.x + arm, middle.y + arm}, colour, 0.4);
    line({middle.x - arm, middle.y + arm}, {middle.x + arm, middle.y - arm}, colour, 0.4);
}

void SvgCanvas::bar(const Rectangle& area, const Pattern& pattern)
{
    const auto rectangle = "<rect" + attribute("x", area.left) + attribute("y", area.top) +
                           attribute("width", area.width) + attribute("height", area.height);
    elements_ += rectangle + attribute("fill", pattern.colour) + "/>\n";
    if (const auto lines = hatching(pattern.hatch, area); !lines.empty()) path(lines, ink, 0.25);
    elements_ += rectangle + " fill=\"none\"" + attribute("stroke", ink) + attribute("stroke-width", 0.2) + "/>\n";
}

void SvgCanvas::text(Place place, const std::string& text, Anchor anchor, const std::string& power)
{
    static const std::array<const char*, 3> anchors{"start", "middle", "end"};
    elements_ += "<text" + attribute("x", place.x) + attribute("y", place.y + to_baseline) +
                 attribute("text-anchor", anchors[static_cast<std::size_t>(anchor)]) + ">" + xml_text(text) +
                 (power.empty() ? "" : "<tspan dy=\"-1\" font-size=\"1.976\">" + xml_text(power) + "</tspan>") +
                 "</text>\n";
}

std::string SvgCanvas::document(double width, double height, const std::string& title) const
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"" +
           attribute("width", millimetres(width) + "mm") + attribute("height", millimetres(height) + "mm") +
           attribute("viewBox", "0 0 " + millimetres(width) + " " + millimetres(height)) +
           " font-family=\"sans-serif\"" + attribute("font-size", font_size) + attribute("fill", ink) +
           " role=\"img\">\n<title>" + xml_text(title) + "</title>\n" +
           "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" + elements_ + "</svg>\n";
}

}  // namespace fedgram::report
