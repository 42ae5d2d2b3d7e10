#include "coordinator/selection/lowest_intensity.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include "coordinator/selection/cohort.hpp"

namespace fedgram::coordinator {

Decision LowestIntensity::select(const Moment& moment) const
{
    std::vector<double> intensity(nodes_.places(), std::numeric_limits<double>::infinity());
    for (std::uint32_t place = 0; place < nodes_.places(); ++place)
        if (const auto known = nodes_.intensity(place, moment.now)) intensity[place] = known->count();
    std::map<double, std::size_t> nodes_at;
    for (const auto node : moment.available) ++nodes_at[intensity[nodes_.place(node)]];

    // All nodes below the border are in, and some of those at it.
    double border = 0;
    std::size_t some = moment.cohort_size;
    for (const auto& [value, nodes] : nodes_at) {
        border = value;
        if (nodes >= some) break;
        some -= nodes;
    }
    std::vector<std::uint32_t> chosen;
    std::vector<std::uint32_t> at_border;
    for (const auto node : moment.available) {
        const double value = intensity[nodes_.place(node)];
        if (value < border)
            chosen.push_back(node);
        else if (value == border)
            at_border.push_back(node);
    }
    std::ranges::copy(draw_cohort(seed_, moment.round, at_border, some), std::back_inserter(chosen));
    std::sort(chosen.begin(), chosen.end());
    return Cohort{std::move(chosen)};
}

}  // namespace fedgram::coordinator
