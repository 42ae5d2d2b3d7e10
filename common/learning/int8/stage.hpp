#pragma once

#include <cstddef>
#include <cstdint>

namespace fedgram::learning::int8 {

/// What goes into a stage, in its layouts.
struct StageInput {
    const std::uint8_t* codes = nullptr;
    const std::uint8_t* shortcut = nullptr;  ///< of an addition
};

/// One or a few layers that are computed together, from codes to codes.
class Stage {
public:
    virtual ~Stage() = default;

    /// Of so many samples, to the stage's layout; a border is left as it is.
    virtual void run(const StageInput& in, std::uint8_t* out, std::size_t samples) const = 0;
};

}  // namespace fedgram::learning::int8
