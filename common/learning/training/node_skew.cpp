#include "common/learning/training/node_skew.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

namespace {

constexpr std::uint32_t quarters = 4;

// Counter-clockwise: what was on the right comes to the top.
void turn_quarter(std::span<float> plane, std::size_t side)
{
    for (std::size_t row = 0; row < side; ++row)
        for (std::size_t column = row + 1; column < side; ++column)
            std::swap(plane[row * side + column], plane[column * side + row]);
    for (std::size_t row = 0; row < side / 2; ++row)
        std::swap_ranges(plane.begin() + static_cast<std::ptrdiff_t>(row * side),
                         plane.begin() + static_cast<std::ptrdiff_t>((row + 1) * side),
                         plane.begin() + static_cast<std::ptrdiff_t>((side - 1 - row) * side));
}

void turn(std::span<float> plane, std::size_t side, std::uint32_t quarter_turns)
{
    if (quarter_turns >= 2) std::ranges::reverse(plane);  // half a turn
    if (quarter_turns % 2 == 1) turn_quarter(plane, side);
}

}  // namespace

void check_feature_skew(const spec::FeatureSkew& rule, const Shape& shape)
{
    if (rule.kind == spec::FeatureSkewKind::rotation && rule.turns == quarters && shape.height != shape.width)
        throw SpecError{
            "federated.feature_skew.turns: a quarter turn needs as many rows as columns, and the samples have " +
            std::to_string(shape.height) + " and " + std::to_string(shape.width) + "; use 2"};
}

NodeSkew::NodeSkew(const spec::FeatureSkew& rule, const Shape& shape, std::uint64_t seed, std::uint32_t node,
                   std::uint32_t nodes)
    : shape_{shape}, seed_{seed}, node_{node}
{
    check_feature_skew(rule, shape);
    if (rule.kind == spec::FeatureSkewKind::noise && nodes > 1) deviation_ = rule.deviation * node / (nodes - 1);
    if (rule.kind == spec::FeatureSkewKind::rotation) quarter_turns_ = node % rule.turns * (quarters / rule.turns);
}

void NodeSkew::apply(std::uint32_t sample, float* features) const
{
    const auto plane = std::size_t{shape_.height} * shape_.width;
    if (quarter_turns_ > 0)
        for (std::uint32_t channel = 0; channel < shape_.channels; ++channel)
            turn({features + channel * plane, plane}, shape_.width, quarter_turns_);
    if (deviation_ == 0) return;
    Stream noise{seed_, Purpose::feature_noise, sample, node_};
    for (std::size_t i = 0; i < shape_.channels * plane; ++i)
        features[i] = static_cast<float>(features[i] + deviation_ * noise.normal());
}

}  // namespace fedgram::learning
