#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace fedgram::energy {

/// The same for all processes of one running machine, and for no two machines: the kernel's boot id.
[[nodiscard]] std::string machine_id();

/// What the processor calls itself ("AMD EPYC 9V74 80-Core Processor"); nothing where the kernel doesn't tell, as on
/// many ARM boards.
[[nodiscard]] std::optional<std::string> cpu_model();

/// The name of the first processor in a text like /proc/cpuinfo.
[[nodiscard]] std::optional<std::string> cpu_model(std::istream& cpuinfo);

/// Cores that this process may use, by its CPU affinity.
[[nodiscard]] std::uint32_t usable_cores();

/// CPU time of this process so far, user and system.
[[nodiscard]] double process_cpu_seconds();

/// CPU time of the calling thread so far, user and system.
[[nodiscard]] double thread_cpu_seconds();

}  // namespace fedgram::energy
