#pragma once

#include "common/error/error.hpp"

namespace fedgram {

/// Several mistakes of a specification, a line each.
struct SpecErrors : SpecError {
    using SpecError::SpecError;
};

}  // namespace fedgram
