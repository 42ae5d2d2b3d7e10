#pragma once

#include "coordinator/aggregation/coordinate_wise.hpp"

namespace fedgram::coordinator {

/// The median of each parameter; of an even number of updates, the mean of the middle two (Yin et al. 2018,
/// arXiv:1803.01498, algorithm 1, option I). Fewer than half of the updates can't move it beyond what the others span.
class Median final : public CoordinateWise {
public:
    explicit Median(std::size_t parameters) : CoordinateWise{parameters} {}

private:
    [[nodiscard]] float combined(std::span<const float> sorted) const override;
    [[nodiscard]] std::uint64_t combining_flops(std::uint64_t updates) const override;
};

}  // namespace fedgram::coordinator
