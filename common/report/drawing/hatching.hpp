#pragma once

#include <string>

namespace fedgram::report {

struct Rectangle {
    double left{};
    double top{};
    double width{};
    double height{};
};

enum class Hatch { none, rising, falling, dotted, level, upright };

/// The lines of a hatch within `area`, as an SVG path; empty of none. Each line is drawn: a tiled pattern of SVG shows
/// its seams in PDF readers.
[[nodiscard]] std::string hatching(Hatch hatch, const Rectangle& area);

}  // namespace fedgram::report
