#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/model/parameters.hpp"

namespace fedgram::learning {

/// True of weights: trained tensors of two extents or more. Biases, scales and buffers are always kept, since they are
/// few and each of them counts.
[[nodiscard]] bool is_prunable(const ParameterSlot& slot);

/// Which floats of a model's flat array are kept. The others are 0, and stay so as long as the mask is applied after
/// whatever changes them: an optimizer's momentum revives a pruned weight, and so does the mean of models with
/// different masks.
class Mask {
public:
    /// Keeps all.
    explicit Mask(const ParameterTable& table) : kept_(table.size, 1) {}

    [[nodiscard]] std::size_t size() const { return kept_.size(); }
    [[nodiscard]] bool keeps(std::size_t index) const { return kept_[index] != 0; }
    void drop(std::size_t index) { kept_[index] = 0; }
    /// For each float 1 where it is kept, 0 where not.
    [[nodiscard]] std::span<const std::uint8_t> kept() const { return kept_; }
    [[nodiscard]] std::size_t kept_count() const;

    /// Sets what isn't kept to +0, whatever it was; for parameters and gradients alike.
    void apply(std::span<float> values) const;

    friend bool operator==(const Mask&, const Mask&) = default;

private:
    std::vector<std::uint8_t> kept_;  // 1 or 0
};

/// Keeps all but the weights that are +0: what is pruned of a model needs no other record. Pruning leaves each tensor a
/// weight, so one that is 0 throughout, as a new one may be, isn't pruned.
[[nodiscard]] Mask mask_of_zeros(const ParameterTable& table, std::span<const float> parameters);

}  // namespace fedgram::learning
