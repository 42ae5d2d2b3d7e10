#include "coordinator/aggregation/clipped_mean.hpp"

#include <cstddef>

#include "common/learning/updates/norms.hpp"

namespace fedgram::coordinator {

ClippedMean::ClippedMean(std::span<const float> global, double max_norm)
    : global_{global}, max_norm_{max_norm}, mean_{global.size()}
{
}

void ClippedMean::add(std::span<const float> update, std::uint64_t samples)
{
    const double norm = learning::l2_distance(update, global_);
    if (norm <= max_norm_) {
        mean_.add(update, samples);
        return;
    }
    scratch_.resize(update.size());
    for (std::size_t i = 0; i < update.size(); ++i) {
        const auto origin = static_cast<double>(global_[i]);
        scratch_[i] = static_cast<float>(origin + max_norm_ / norm * (static_cast<double>(update[i]) - origin));
    }
    mean_.add(scratch_, samples);
    ++clipped_;
}

energy::Work ClippedMean::work() const
{
    // Beside the mean: the norm takes a subtraction, a multiplication and an addition per parameter and reads update
    // and global model; clipping the same, and writes four bytes.
    auto work = mean_.work();
    const auto normed = work.steps * global_.size();
    const auto clipped = clipped_ * global_.size();
    work.flops += 3 * normed + 3 * clipped;
    work.memory_bytes += 8 * normed + 12 * clipped;
    work.kernels += work.steps + clipped_;
    return work;
}

}  // namespace fedgram::coordinator
