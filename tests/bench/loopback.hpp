#pragma once

#include <cstdint>

namespace fedgram::bench {

/// From now on this process and its children have a loopback of their own, so that nobody else's bytes are in its
/// counters; false where that isn't allowed (it takes root). Throws SystemError when it can't be set up.
[[nodiscard]] bool enter_own_network();

/// What has crossed this process's loopback so far, IP and TCP headers included: the kernel's own count. What one
/// process sends to another is counted once. Throws SystemError where there is no loopback.
[[nodiscard]] std::uint64_t loopback_bytes();

}  // namespace fedgram::bench
