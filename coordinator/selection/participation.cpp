#include "coordinator/selection/participation.hpp"

#include <algorithm>

namespace fedgram::coordinator {

double Participation::share_never_chosen() const
{
    return static_cast<double>(std::ranges::count(times_, 0u)) / static_cast<double>(times_.size());
}

std::optional<double> Participation::jain_index() const
{
    double sum = 0;
    double squares = 0;
    for (const double times : times_) {
        sum += times;
        squares += times * times;
    }
    if (sum == 0) return std::nullopt;
    return sum * sum / (static_cast<double>(times_.size()) * squares);
}

}  // namespace fedgram::coordinator
