#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fedgram::run {

/// The keys of a line of ledger.jsonl, in the order in which they are written.
enum class LedgerKey : std::size_t {
    training,
    node,
    round,
    phase,
    samples,
    steps,
    flops,
    memory_bytes,
    kernels,
    bytes_down,
    bytes_up,
    seconds,
    joules,
    method,
    boundary,
    provenance,
    wasted,
    lost  ///< written where it is true alone
};

inline constexpr std::array<std::string_view, 18> ledger_keys{
    "training",   "node",     "round",   "phase",  "samples", "steps",    "flops",      "memory_bytes", "kernels",
    "bytes_down", "bytes_up", "seconds", "joules", "method",  "boundary", "provenance", "wasted",       "lost"};

/// Who is no node.
inline constexpr std::string_view ledger_coordinator = "coordinator";

}  // namespace fedgram::run
