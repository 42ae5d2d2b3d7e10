#pragma once

#include <sys/types.h>

namespace fedgram::bench {

/// What a process holds in memory, from /proc/PID/smaps_rollup.
struct ProcessMemory {
    double proportional = 0;  ///< bytes; what several processes share, divided among them (PSS)
    double own = 0;           ///< bytes that no other process shares (Private_Clean + Private_Dirty)
};

/// Throws SystemError for a process that isn't there.
[[nodiscard]] ProcessMemory memory_of(pid_t process);

/// CPU seconds of a process so far, over all its threads. Throws SystemError for one that isn't there.
[[nodiscard]] double cpu_seconds_of(pid_t process);

}  // namespace fedgram::bench
