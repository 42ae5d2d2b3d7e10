#pragma once

#include <string>

#include "common/report/drawing/hatching.hpp"
#include "common/report/drawing/look.hpp"

namespace fedgram::report {

struct Place {
    double x{};
    double y{};
};

enum class Anchor { start, middle, end };
enum class Fill { filled, hollow };

/// An SVG image that is being drawn, in millimetres from the upper left corner. Texts are texts, in whatever
/// sans-serif the reader has.
class SvgCanvas {
public:
    void line(Place from, Place to, const std::string& colour, double width, const std::string& dash = "");
    /// `path` as SVG has it: "M0 0L1 1".
    void path(const std::string& path, const std::string& colour, double width, const std::string& dash = "");
    /// What `path` encloses, pale, so that lines are seen on it and other areas through it.
    void area(const std::string& path, const std::string& colour);
    void shape(Shape shape, Place middle, const std::string& colour, Fill fill = Fill::filled);
    void cross(Place middle, const std::string& colour);
    void bar(const Rectangle& area, const Pattern& pattern);
    /// On the line whose middle is at `place`.
    void text(Place place, const std::string& text, Anchor anchor = Anchor::start, const std::string& power = "");

    /// The whole document, well-formed. `title` is read out to those who can't see it.
    [[nodiscard]] std::string document(double width, double height, const std::string& title) const;

private:
    std::string elements_;
};

}  // namespace fedgram::report
