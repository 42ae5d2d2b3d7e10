#include "common/report/drawing/millimetres.hpp"

#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::report {

std::string millimetres(double length)
{
    const double rounded = std::round(length * 1000) / 1000;
    return text::shortest(rounded == 0 ? 0 : rounded);  // never -0
}

}  // namespace fedgram::report
