#pragma once

#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// "synthetic-cifar10", "synthetic-fashion-mnist": images of a known dataset's shapes and counts and of no other merit,
/// made on the spot. Each of ten classes has a few smooth patterns; an image is one of them, shifted and of some
/// contrast, under noise. They can be learned, and take as long to train on as the originals; what accuracy is reached
/// says nothing about those. By integer arithmetic alone: the same bytes on every machine.
[[nodiscard]] std::vector<std::string> synthetic_names();

/// One of them.
[[nodiscard]] Dataset make_synthetic(const std::string& name);

/// What must be said wherever results on a dataset are shown; empty for one that isn't synthetic.
[[nodiscard]] std::string synthetic_note(const std::string& name);

}  // namespace fedgram::datasets
