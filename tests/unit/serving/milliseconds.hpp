#pragma once

#include <cstdint>

#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving::test {

constexpr Nanoseconds ms(std::int64_t count) { return Nanoseconds{count * 1'000'000}; }

}  // namespace fedgram::serving::test
