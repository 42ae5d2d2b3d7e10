#include "common/learning/pruning/density.hpp"

#include <cassert>
#include <utility>

namespace fedgram::learning {

namespace {

template <class IsKept>
std::vector<Density> counted(const ParameterTable& table, IsKept is_kept)
{
    std::vector<Density> result;
    for (const auto& slot : table.slots) {
        if (!is_prunable(slot)) continue;
        Density density{.name = slot.name, .weights = slot.size};
        for (auto i = slot.offset; i < slot.offset + slot.size; ++i) density.kept += is_kept(i) ? 1 : 0;
        result.push_back(std::move(density));
    }
    return result;
}

}  // namespace

double Density::density() const { return weights == 0 ? 1 : static_cast<double>(kept) / static_cast<double>(weights); }

std::vector<Density> densities(const ParameterTable& table, const Mask& mask)
{
    assert(mask.size() == table.size);
    return counted(table, [&](std::size_t i) { return mask.keeps(i); });
}

std::vector<Density> densities(const ParameterTable& table, std::span<const float> parameters)
{
    assert(parameters.size() == table.size);
    return counted(table, [&](std::size_t i) { return parameters[i] != 0; });
}

Density total(std::span<const Density> densities)
{
    Density all{.name = "all"};
    for (const auto& density : densities) {
        all.weights += density.weights;
        all.kept += density.kept;
    }
    return all;
}

}  // namespace fedgram::learning
