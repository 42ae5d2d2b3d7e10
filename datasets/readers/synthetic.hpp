#pragma once

#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// "synthetic-cifar10", "synthetic-fashion-mnist": made-up images with a known dataset's shapes and counts. Each of ten
/// classes has a few smooth patterns; an image is one of them, shifted and of some contrast, under noise. They can be
/// learned, and training on them takes as long as on the originals. The accuracy that is reached says nothing about the
/// originals. They come from integer arithmetic alone: the same bytes on every machine. And "synthetic-next-word",
/// which next_word.hpp describes.
[[nodiscard]] std::vector<std::string> synthetic_names();

/// One of them.
[[nodiscard]] Dataset make_synthetic(const std::string& name);

/// What must be said wherever results on a dataset are shown; empty for one that isn't synthetic.
[[nodiscard]] std::string synthetic_note(const std::string& name);

}  // namespace fedgram::datasets
