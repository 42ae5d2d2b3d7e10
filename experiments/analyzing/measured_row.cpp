#include "experiments/analyzing/measured_row.hpp"

#include <algorithm>

#include "common/serving/requests_needed.hpp"
#include "experiments/loading/load_options.hpp"

namespace fedgram::experiments {

Seconds time_of_row(double per_second, Seconds shortest)
{
    constexpr double to_spare = 1.15;
    const Seconds enough{to_spare * static_cast<double>(serving::requests_needed(99, 1)) / per_second};
    return std::max(shortest, std::min(enough, longest_row));
}

bool keeps_up(const LoadResult& result)
{
    constexpr double least_answered = 0.95;
    if (result.queue_full + result.expired + result.refused_otherwise > 0) return false;
    double measured = 0;
    for (const auto& window : result.windows) measured += window.length.count();
    const double whole = measured + serving::seconds(LoadOptions{}.warm_up).count();
    const double due = static_cast<double>(result.sent + result.not_sent) * measured / whole;
    return result.answered > 0 && result.throughput * measured >= least_answered * due;
}

}  // namespace fedgram::experiments
