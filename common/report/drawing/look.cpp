#include "common/report/drawing/look.hpp"

#include <array>

namespace fedgram::report {

Look look(std::size_t index)
{
    static const std::array<const char*, 7> colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                    "#000000", "#e69f00", "#56b4e9"};
    static const std::array<const char*, 5> dashes{"", "2.2 0.9", "0.7 0.7", "3 0.8 0.7 0.8", "1.3 0.6"};
    static const std::array<Shape, 6> shapes{
        Shape::circle, Shape::square, Shape::triangle, Shape::diamond, Shape::upside_down_triangle, Shape::pentagon};
    return {colours[index % colours.size()], dashes[index % dashes.size()], shapes[index % shapes.size()]};
}

// Pale beneath lines, so that these are seen in black and white.
Pattern pattern(std::size_t index)
{
    static const std::array<Pattern, 6> patterns{{{"#0072b2", Hatch::none},
                                                  {"#99d3f3", Hatch::rising},
                                                  {"#66c5ab", Hatch::falling},
                                                  {"#f6efa1", Hatch::dotted},
                                                  {"#e0afca", Hatch::level},
                                                  {"#f0c566", Hatch::upright}}};
    return patterns[index % patterns.size()];
}

}  // namespace fedgram::report
