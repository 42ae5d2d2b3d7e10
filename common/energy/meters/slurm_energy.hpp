#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// Gives an environment variable's value, or null.
using Variables = std::function<const char*(const char*)>;
/// Gives the standard output of a command, or why there is none.
using Commands = std::function<Attempt<std::string>(const std::string&)>;

/// The step of a job of Slurm's that this process is in, as `sstat` knows it ("12.batch", "12.0"); nothing outside of a
/// job, or where a job's command runs beside its nodes.
[[nodiscard]] std::optional<std::string> slurm_step(const Variables& variables);

/// What the cluster's energy plugin is called ("rapl"), in what `scontrol show config` prints; nothing without one.
[[nodiscard]] std::optional<std::string> parse_energy_plugin(std::string_view config);

/// What such a plugin's joules enclose: "rapl" packages and their DRAM, "pm_counters" a node's board, and the others a
/// whole node at its power supply, as its management controller has it. Nothing for "gpu" and what isn't known.
[[nodiscard]] std::optional<Boundary> boundary_of_energy_plugin(std::string_view plugin);

/// A step's joules as `sstat` prints them. No joules, which it also prints without a plugin, are missing and not 0 J.
[[nodiscard]] Attempt<std::uint64_t> parse_consumed_energy(std::string_view printed);

/// The joules that Slurm's energy plugin has counted on this step's node since the step began: those of all that runs
/// on the node, by a counter that moves each half minute or so. Nothing outside of a job of Slurm's. A thread of its
/// own asks `sstat` at each `interval`, so that no other meter waits for it.
[[nodiscard]] Found open_slurm_energy(const Variables& variables, const Commands& commands,
                                      std::chrono::milliseconds interval = std::chrono::seconds{10});
/// The same by this process's environment and the shell.
[[nodiscard]] Found open_slurm_energy();

}  // namespace fedgram::energy
