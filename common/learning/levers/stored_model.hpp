#pragma once

#include "common/learning/levers/candidate.hpp"
#include "common/learning/model_file/model_file.hpp"

namespace fedgram::learning {

/// The candidate as a file: shared weights as deep compression has them, and every other tensor in the form that takes
/// the fewest bytes, of float32, halves or int8 codes.
[[nodiscard]] ModelFile stored_model(const Candidate& candidate);

/// The candidate back, without its mask. It computes the same logits, bit for bit. Throws DataError that names the
/// tensor: an encoding that isn't known, bytes that it doesn't give, a tensor that is missing or of another model.
[[nodiscard]] Candidate restored(const ModelFile& file);

}  // namespace fedgram::learning
