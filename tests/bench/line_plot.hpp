#pragma once

#include <string>
#include <utility>
#include <vector>

namespace fedgram::bench {

/// Points of one figure over another, each above zero.
struct Line {
    std::string name;
    std::vector<std::pair<double, double>> points;
};

/// One picture: both axes logarithmic, a tick for each power of ten.
struct Panel {
    std::string title;
    std::string x;
    std::string y;
    std::vector<Line> lines;
};

/// The panels beside each other, as SVG.
[[nodiscard]] std::string svg(const std::vector<Panel>& panels);

}  // namespace fedgram::bench
