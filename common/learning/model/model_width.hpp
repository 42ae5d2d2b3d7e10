#pragma once

#include <vector>

#include "common/spec/layer.hpp"

namespace fedgram::learning {

/// The layers at `width` times their base: channels and features rounded, at least 1. The last layer with weights keeps
/// its size, which is the number of classes. Each states its base where it differs: what it says already, or else its
/// size before.
[[nodiscard]] std::vector<spec::Layer> at_width(std::vector<spec::Layer> layers, double width);

}  // namespace fedgram::learning
