#include "common/learning/levers/shared_view.hpp"

#include <algorithm>

namespace fedgram::learning {

void SharedView::apply(std::span<const float> parameters, std::span<float> weights) const
{
    std::ranges::copy(parameters, weights.begin());
}

void SharedView::pull_back(std::span<const float>, std::span<float> gradient) const
{
    for (std::size_t i = 0; i < shared_.size(); ++i) {
        const auto& codes = shared_[i].codes;
        if (codes.empty()) continue;
        const auto values = gradient.subspan(table_.slots[i].offset, codes.size());
        const auto sums = centroid_gradients(shared_[i], values);
        for (std::size_t place = 0; place < codes.size(); ++place)
            values[place] = codes[place] == 0 ? 0.0F : sums[codes[place] - 1U];
    }
}

}  // namespace fedgram::learning
