#include <algorithm>
#include <cmath>

#include "common/learning/model/model.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

std::vector<float> initial_parameters(const Model& model, std::uint64_t seed)
{
    std::vector<float> values(model.parameters.size);
    for (std::size_t index = 0; index < model.parameters.slots.size(); ++index) {
        const auto& slot = model.parameters.slots[index];
        if (slot.fan_in == 0) {
            std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(slot.offset), slot.size, slot.constant);
            continue;
        }
        Stream stream{seed, Purpose::initial_parameters, index};
        const double bound = 1 / std::sqrt(static_cast<double>(slot.fan_in)) * slot.scaling.initial;
        for (std::size_t i = 0; i < slot.size; ++i)
            values[slot.offset + i] = static_cast<float>((2 * stream.uniform() - 1) * bound);
    }
    return values;
}

}  // namespace fedgram::learning
