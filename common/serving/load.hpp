#pragma once

#include <cstdint>
#include <variant>

#include "common/random/stream.hpp"

namespace fedgram::serving {

/// Open loop: one request each 1 / per_second, whatever becomes of those before.
struct ConstantRate {
    double per_second = 1;
};

/// Open loop, at random: the gaps between requests are independent and exponential, with a mean of 1 / per_second.
struct PoissonRate {
    double per_second = 1;
    Stream stream;  ///< of the gaps alone
};

/// Closed loop: so many clients, each of which sends its next request as soon as the one before is answered (think time
/// 0). When the server is slow they ask less, so that what would have queued meanwhile is never seen.
struct ClosedLoop {
    std::uint32_t concurrency = 1;
};

using Load = std::variant<ConstantRate, PoissonRate, ClosedLoop>;

}  // namespace fedgram::serving
