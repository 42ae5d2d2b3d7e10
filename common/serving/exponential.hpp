#pragma once

#include "common/random/portable_math.hpp"
#include "common/random/stream.hpp"

namespace fedgram::serving {

/// An exponential draw, by inversion: -mean ln(1 - u) with u uniform in [0, 1). The same bits on every CPU.
inline double exponential(Stream& stream, double mean) { return -mean * portable::log(1 - stream.uniform()); }

}  // namespace fedgram::serving
