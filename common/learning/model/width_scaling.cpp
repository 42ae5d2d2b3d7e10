#include "common/learning/model/width_scaling.hpp"

#include <cmath>

namespace fedgram::learning {

WidthScaling mup_weight(WidthRatios ratios)
{
    WidthScaling scaling;
    // Beside the 1/sqrt(fan_in) that any layer starts with: in all 1/fan_in.
    if (ratios.fan_out == 1) scaling.initial = 1 / std::sqrt(ratios.fan_in);
    scaling.sgd_rate = ratios.fan_out / ratios.fan_in;
    scaling.adam_rate = 1 / ratios.fan_in;
    return scaling;
}

WidthScaling mup_bias(WidthRatios ratios)
{
    return {.initial = std::sqrt(ratios.fan_in), .sgd_rate = ratios.fan_out, .adam_rate = 1};
}

}  // namespace fedgram::learning
