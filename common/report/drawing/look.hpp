#pragma once

#include <cstddef>
#include <string>

#include "common/report/drawing/hatching.hpp"

// What tells series apart. Colours are those of Okabe and Ito, which most colour-blind readers tell apart; dashes,
// shapes and hatches do the same in black and white. Each repeats with a period of its own, so that the whole look
// hardly ever does.
namespace fedgram::report {

enum class Shape { circle, square, triangle, diamond, upside_down_triangle, pentagon };

struct Look {
    std::string colour;
    std::string dash;  ///< lengths in millimetres; empty: unbroken
    Shape shape;
};

/// Of a curve, or a series of dots.
[[nodiscard]] Look look(std::size_t index);

struct Pattern {
    std::string colour;
    Hatch hatch;
};

/// Of a part of bars.
[[nodiscard]] Pattern pattern(std::size_t index);

inline constexpr const char* ink = "#000000";
inline constexpr const char* grey = "#595959";
inline constexpr const char* pale = "#d9d9d9";

}  // namespace fedgram::report
