#include "common/report/seeds/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/text/number_text.hpp"

namespace fedgram::report {

Statistics statistics(std::span<const double> values)
{
    const auto count = static_cast<double>(values.size());
    Statistics result{std::accumulate(values.begin(), values.end(), 0.0) / count, std::nullopt,
                      *std::ranges::min_element(values), *std::ranges::max_element(values), values.size()};
    if (values.size() > 1) {
        double squares = 0;
        for (const double value : values) squares += (value - result.mean) * (value - result.mean);
        result.standard_deviation = std::sqrt(squares / (count - 1));
    }
    return result;
}

std::string mean_text(const Statistics& statistics)
{
    auto text = text::significant(statistics.mean);
    if (!statistics.standard_deviation) return text;
    const auto point = text.find('.');
    const auto places = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
    return text + " ± " + text::fixed(*statistics.standard_deviation, places);
}

}  // namespace fedgram::report
