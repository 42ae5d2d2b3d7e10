#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/learning/pruning/mask.hpp"
#include "common/learning/pruning/tensor_encoding.hpp"

namespace fedgram::learning {

// What a federation sends of a pruned model. Nothing of it is rounded: the parameters are the same bits on both sides.

/// How a whole model goes down in fewer bytes than as it is.
struct SparseModel {
    TensorForm form{};
    std::uint64_t bytes = 0;  ///< of `encoded` in this form, as one row, and one more that names it
};

/// The smallest form, of equal ones the first; nothing where none is smaller than float32 values of all.
[[nodiscard]] std::optional<SparseModel> smallest_sparse_model(std::span<const float> parameters);

/// A model in such a form: a byte with the form's number among `tensor_forms`, and the bytes of `encoded`.
[[nodiscard]] std::vector<std::byte> sparse_model_message(const SparseModel& sparse, std::span<const float> parameters);

/// The same bits back. Throws DataError for what `sparse_model_message` doesn't write.
[[nodiscard]] std::vector<float> read_sparse_model(std::span<const std::byte> message, std::size_t parameters);

/// Leaves of an update what a node sends where both sides know the mask: the values that are kept, in their order.
void leave_kept_values(const Mask& mask, std::vector<float>& parameters);

/// Parameters of which these are kept; the others are +0. Throws DataError for another number of bytes than they take.
void place_kept_values(std::span<const std::byte> values, const Mask& mask, std::span<float> parameters);

}  // namespace fedgram::learning
