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
    wasted
};

inline constexpr std::array<std::string_view, 17> ledger_keys{
    "training",   "node",     "round",   "phase",  "samples", "steps",    "flops",      "memory_bytes", "kernels",
    "bytes_down", "bytes_up", "seconds", "joules", "method",  "boundary", "provenance", "wasted"};

/// Who is no node.
inline constexpr std::string_view ledger_coordinator = "coordinator";

}  // namespace fedgram::run
