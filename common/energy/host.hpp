#pragma once

#include <cstdint>
#include <string>

namespace fedgram::energy {

/// The same for all processes of one running machine, and for no two machines: the kernel's boot id.
[[nodiscard]] std::string machine_id();

/// Cores that this process may use, by its CPU affinity.
[[nodiscard]] std::uint32_t usable_cores();

/// CPU time of this process so far, user and system.
[[nodiscard]] double process_cpu_seconds();

/// CPU time of the calling thread so far, user and system.
[[nodiscard]] double thread_cpu_seconds();

}  // namespace fedgram::energy
