#include "common/report/table/ratio.hpp"

#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::report {

std::optional<double> ratio(double amount, double reference)
{
    if (reference == 0 || std::isnan(amount)) return std::nullopt;
    return amount / reference;
}

std::string ratio_text(std::optional<double> ratio) { return ratio ? text::significant(*ratio) : "-"; }

}  // namespace fedgram::report
