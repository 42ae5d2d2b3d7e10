#include "experiments/sweep/statistics.hpp"

#include <cmath>
#include <numeric>

namespace fedgram::experiments {

Statistics statistics(std::span<const double> values)
{
    const auto count = static_cast<double>(values.size());
    Statistics result{std::accumulate(values.begin(), values.end(), 0.0) / count, std::nullopt};
    if (values.size() > 1) {
        double squares = 0;
        for (const double value : values) squares += (value - result.mean) * (value - result.mean);
        result.standard_deviation = std::sqrt(squares / (count - 1));
    }
    return result;
}

}  // namespace fedgram::experiments
