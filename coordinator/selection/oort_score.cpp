#include "coordinator/selection/oort_score.hpp"

#include <algorithm>
#include <cmath>

#include "common/random/portable_math.hpp"

namespace fedgram::coordinator {

double oort_utility(std::uint64_t samples, double root_mean_square_loss)
{
    return static_cast<double>(samples) * root_mean_square_loss;
}

UtilityScale::UtilityScale(std::vector<float> utilities, double clip)
{
    std::erase_if(utilities, [](float utility) { return !(utility > 0); });
    if (utilities.empty()) {
        clip_ = std::numeric_limits<double>::infinity();
        return;
    }
    constexpr double least_range = 1e-4;
    const auto [least, most] = std::minmax_element(utilities.begin(), utilities.end());
    low_ = 0.999 * *least;
    range_ = std::max(*most - low_, least_range);
    const auto last = static_cast<std::ptrdiff_t>(utilities.size()) - 1;
    const auto place = static_cast<std::ptrdiff_t>(static_cast<double>(utilities.size()) * clip);
    const auto clipped = utilities.begin() + std::min(place, last);
    std::nth_element(utilities.begin(), clipped, utilities.end());
    clip_ = *clipped;
}

double UtilityScale::operator()(double utility) const { return (std::min(utility, clip_) - low_) / range_; }

double oort_staleness(std::uint32_t round, std::uint32_t last_round)
{
    return std::sqrt(0.1 * portable::log(round) / last_round);
}

double oort_speed_factor(Seconds seconds, Seconds preferred, double penalty)
{
    if (seconds <= preferred) return 1;
    return portable::exp(penalty * portable::log(preferred.count() / seconds.count()));
}

}  // namespace fedgram::coordinator
