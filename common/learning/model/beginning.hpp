#pragma once

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// The layers that a sample goes through up to `last`, one of the model's, as a model in a row. Of a residual that
/// holds it these are its body's or its shortcut's alone, behind all that comes before the residual. They read their
/// places in the whole model's parameters; of its own table only the size is there.
[[nodiscard]] Model beginning(const Model& model, const LayerInfo& last);

}  // namespace fedgram::learning
