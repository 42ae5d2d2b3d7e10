#include "common/learning/pruning/mask.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace fedgram::learning {

bool is_prunable(const ParameterSlot& slot) { return slot.is_trained && slot.shape.size() >= 2; }

void Mask::apply(std::span<float> values) const
{
    assert(values.size() == kept_.size());
    // No product: 0 times a negative number is -0, and times an infinite one no number.
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = kept_[i] != 0 ? values[i] : 0.0F;
}

std::size_t Mask::kept_count() const { return static_cast<std::size_t>(std::ranges::count(kept_, 1)); }

Mask mask_of_zeros(const ParameterTable& table, std::span<const float> parameters)
{
    assert(parameters.size() == table.size);
    const auto is_zero = [](float value) { return std::bit_cast<std::uint32_t>(value) == 0; };
    Mask mask{table};
    for (const auto& slot : table.slots) {
        if (!is_prunable(slot) || std::ranges::all_of(parameters.subspan(slot.offset, slot.size), is_zero)) continue;
        for (auto i = slot.offset; i < slot.offset + slot.size; ++i)
            if (is_zero(parameters[i])) mask.drop(i);
    }
    return mask;
}

}  // namespace fedgram::learning
