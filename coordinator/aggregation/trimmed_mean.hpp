#pragma once

#include "coordinator/aggregation/coordinate_wise.hpp"

namespace fedgram::coordinator {

/// The mean of each parameter without its smallest and largest values, the share `trim` of them at each end (Yin et al.
/// 2018, arXiv:1803.01498, algorithm 1, option II). The share is one of the updates that came, rounded up
/// (spec::trimmed_at_each_end), so that a round which has lost nodes is trimmed too; one or two values always stay.
class TrimmedMean final : public CoordinateWise {
public:
    /// `trim` in [0, 0.5).
    TrimmedMean(std::size_t parameters, double trim) : CoordinateWise{parameters}, trim_{trim} {}

private:
    [[nodiscard]] float combined(std::span<const float> sorted) const override;
    [[nodiscard]] std::uint64_t combining_flops(std::uint64_t updates) const override;
    [[nodiscard]] std::uint64_t cut(std::uint64_t updates) const;

    double trim_;
};

}  // namespace fedgram::coordinator
