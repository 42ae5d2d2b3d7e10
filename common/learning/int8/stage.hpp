#pragma once

#include <cstddef>
#include <cstdint>

namespace fedgram::learning::int8 {

/// One or a few layers that are computed together, from codes to codes.
class Stage {
public:
    virtual ~Stage() = default;

    /// Of so many samples, both in the stage's layouts; a border is left as it is.
    virtual void run(const std::uint8_t* in, std::uint8_t* out, std::size_t samples) const = 0;
};

}  // namespace fedgram::learning::int8
