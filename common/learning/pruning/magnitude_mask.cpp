#include "common/learning/pruning/magnitude_mask.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/error/error.hpp"
#include "common/learning/pruning/sparsity.hpp"

namespace fedgram::learning {

namespace {

/// Tensors whose weights are compared with each other.
using Ranking = std::vector<const ParameterSlot*>;

std::vector<Ranking> rankings(const ParameterTable& table, PruningScope scope)
{
    std::vector<Ranking> result;
    for (const auto& slot : table.slots) {
        if (!is_prunable(slot)) continue;
        if (result.empty() || scope == PruningScope::layer) result.emplace_back();
        result.back().push_back(&slot);
    }
    return result;
}

/// The weights of a ranking that can go.
struct Candidates {
    std::vector<std::size_t> indices;  ///< of the flat array; of each tensor all that is kept but the largest
    std::uint64_t weights = 0;         ///< of the tensors
    std::uint64_t kept = 0;
};

/// An order of all weights: by magnitude, and of equal ones the later is the weaker.
auto weaker_of(std::span<const float> parameters)
{
    return [parameters](std::size_t a, std::size_t b) {
        const float left = std::abs(parameters[a]);
        const float right = std::abs(parameters[b]);
        return left != right ? left < right : a > b;
    };
}

Candidates candidates(const ParameterTable& table, std::span<const float> parameters, const Mask& mask,
                      const Ranking& ranking)
{
    Candidates result;
    for (const auto* slot : ranking) {
        const auto begin = static_cast<std::ptrdiff_t>(result.indices.size());
        for (auto i = slot->offset; i < slot->offset + slot->size; ++i) {
            if (!mask.keeps(i)) continue;
            if (!std::isfinite(parameters[i]))
                throw DataError{name_of(table, i) + ": " + std::to_string(parameters[i]) +
                                " has no rank among magnitudes; prune a model whose weights are finite"};
            result.indices.push_back(i);
        }
        result.weights += slot->size;
        if (std::ssize(result.indices) == begin) continue;
        result.kept += static_cast<std::uint64_t>(std::ssize(result.indices) - begin);
        const auto largest =
            std::max_element(result.indices.begin() + begin, result.indices.end(), weaker_of(parameters));
        std::iter_swap(largest, result.indices.end() - 1);
        result.indices.pop_back();
    }
    return result;
}

/// `count_to_drop` says of a ranking's candidates how many shall go.
template <class Count>
Mask pruned(const ParameterTable& table, std::span<const float> parameters, Mask mask, PruningScope scope,
            Count count_to_drop)
{
    assert(parameters.size() == table.size && mask.size() == table.size);
    for (const auto& ranking : rankings(table, scope)) {
        auto [indices, weights, kept] = candidates(table, parameters, mask, ranking);
        const auto count = std::min<std::uint64_t>(count_to_drop(weights, kept), indices.size());
        const auto end = indices.begin() + static_cast<std::ptrdiff_t>(count);
        std::nth_element(indices.begin(), end, indices.end(), weaker_of(parameters));
        std::for_each(indices.begin(), end, [&](std::size_t i) { mask.drop(i); });
    }
    return mask;
}

}  // namespace

Mask further_pruned(const ParameterTable& table, std::span<const float> parameters, Mask present, double fraction,
                    PruningScope scope)
{
    require_sparsity(fraction, "fraction");
    return pruned(table, parameters, std::move(present), scope,
                  [fraction](std::uint64_t, std::uint64_t kept) { return rounded_share(fraction, kept); });
}

Mask pruned_to(const ParameterTable& table, std::span<const float> parameters, Mask present, double sparsity,
               PruningScope scope)
{
    require_sparsity(sparsity, "sparsity");
    return pruned(table, parameters, std::move(present), scope, [sparsity](std::uint64_t weights, std::uint64_t kept) {
        const auto wanted = rounded_share(sparsity, weights);
        const auto masked = weights - kept;
        return wanted > masked ? wanted - masked : 0;
    });
}

}  // namespace fedgram::learning
