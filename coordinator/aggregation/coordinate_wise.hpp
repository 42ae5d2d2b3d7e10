#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "coordinator/aggregation/aggregator.hpp"

namespace fedgram::coordinator {

/// Makes each parameter of the result from the sorted values that the updates have there. Unweighted: a sample count is
/// what a node says of itself, and would give it weight over the others. All updates are held until the result
/// (spec::held_bytes).
class CoordinateWise : public Aggregator {
public:
    using Aggregator::add;
    void add(std::span<const float> update, std::uint64_t samples) final;
    [[nodiscard]] std::vector<float> result() const final;
    [[nodiscard]] std::vector<double> precise_result() const final;
    /// Sorting n values is counted as n log2 n comparisons (log2 rounded up) of a FLOP each; each value is written when
    /// it arrives and read for the result, which is written.
    [[nodiscard]] energy::Work work() const final;

protected:
    explicit CoordinateWise(std::size_t parameters) : parameters_{parameters} {}

    /// One parameter; `sorted` is ascending, with a value for each update. -0 and 0 may stand in either order.
    [[nodiscard]] virtual float combined(std::span<const float> sorted) const = 0;
    /// What `combined` computes of so many values.
    [[nodiscard]] virtual std::uint64_t combining_flops(std::uint64_t updates) const = 0;

private:
    std::size_t parameters_;
    std::vector<std::vector<float>> updates_;
};

}  // namespace fedgram::coordinator
