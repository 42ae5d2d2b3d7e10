#include "coordinator/strategies/scaled_update.hpp"

#include "common/error/error.hpp"
#include "common/learning/updates/fixed_point.hpp"
#include "common/learning/updates/largest_magnitude.hpp"

namespace fedgram::coordinator {

std::vector<float> scaled_update(std::span<const float> model, std::span<const float> update, double scale,
                                 const TrainedParts& parts)
{
    std::vector<float> scaled{update.begin(), update.end()};
    for (const auto& [begin, end] : parts.parts())
        for (std::size_t i = begin; i < end; ++i) {
            const auto origin = static_cast<double>(model[i]);
            scaled[i] = static_cast<float>(origin + scale * (static_cast<double>(update[i]) - origin));
        }
    if (!(learning::largest_magnitude(scaled) < learning::fixed_point_limit))
        throw SystemError{
            "an update that the strategy scales has grown beyond all bounds; use a smaller learning rate"};
    return scaled;
}

}  // namespace fedgram::coordinator
