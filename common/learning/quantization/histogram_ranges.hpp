#pragma once

#include "common/learning/quantization/activation_histogram.hpp"

namespace fedgram::learning {

/// The narrowest range of whole bins that holds `percentile` per cent of the activations, with half of the others below
/// it and half above, within what was observed. Throws SpecError where nothing was.
[[nodiscard]] ValueRange percentile_range(const ActivationHistogram& histogram, double percentile);

/// Of all magnitudes to clip at, the one that loses the least information: of which the histogram, with what is clipped
/// in its last bin, diverges least (Kullback and Leibler) from the one that its codes can tell. Migacz 2017, "8-bit
/// inference with TensorRT", in the form of NVIDIA's `_compute_amax_entropy`: 128 codes for magnitudes, 256 where
/// nothing is below 0; the bin at 0, which a ReLU fills, counts as the one beside it; of equals the largest magnitude.
/// Within what was observed. Throws SpecError where nothing was.
[[nodiscard]] ValueRange entropy_range(const ActivationHistogram& histogram);

}  // namespace fedgram::learning
