#include "common/privacy/renyi_orders.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace fedgram::privacy {

std::span<const double> renyi_orders()
{
    static const auto orders = [] {
        std::vector<double> all;
        for (int tenths = 11; tenths < 110; ++tenths) all.push_back(tenths / 10.0);
        for (int order = 11; order < 64; ++order) all.push_back(order);
        // The smaller epsilon, the larger is the best order, and the flatter the curve around it.
        for (const int order : {64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512}) all.push_back(order);
        return all;
    }();
    return orders;
}

double epsilon_at(double order, double divergence, double delta)
{
    assert(order > 1 && delta > 0 && delta < 1);
    return std::max(0.0, divergence + std::log1p(-1 / order) - std::log(delta * order) / (order - 1));
}

Epsilon best_epsilon(std::span<const double> divergences, std::uint32_t rounds, double delta)
{
    const auto orders = renyi_orders();
    assert(divergences.size() == orders.size());
    Epsilon best{std::numeric_limits<double>::infinity(), {}};
    for (std::size_t i = 0; i < orders.size(); ++i)
        if (const double epsilon = epsilon_at(orders[i], rounds * divergences[i], delta); epsilon < best.epsilon)
            best = {epsilon, orders[i]};
    return best;
}

}  // namespace fedgram::privacy
