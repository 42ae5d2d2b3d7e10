#include "common/spec/aggregation.hpp"

#include <algorithm>
#include <cmath>

namespace fedgram::spec {

std::uint32_t trimmed_at_each_end(double trim, std::uint32_t updates)
{
    // 0.07 x 100 is a little above 7 in binary; the share that was meant is 7.
    constexpr double binary_noise = 1e-9;
    return static_cast<std::uint32_t>(std::ceil(std::max(0.0, trim * updates - binary_noise)));
}

std::uint64_t held_bytes(std::uint32_t cohort, std::uint64_t parameters)
{
    return std::uint64_t{cohort} * parameters * sizeof(float);
}

}  // namespace fedgram::spec
