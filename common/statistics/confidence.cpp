#include "common/statistics/confidence.hpp"

#include <cmath>
#include <numeric>

#include "common/statistics/student_t.hpp"

namespace fedgram::statistics {

std::optional<Interval> mean_interval(std::span<const double> values)
{
    if (values.size() < 2) return std::nullopt;
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double error = std::sqrt(squares / (count - 1) / count);
    const double half = error * student_t_quantile((1 + confidence) / 2, static_cast<unsigned>(values.size()) - 1);
    return Interval{mean - half, mean + half};
}

}  // namespace fedgram::statistics
