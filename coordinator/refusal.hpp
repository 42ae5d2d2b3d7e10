#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace fedgram::coordinator {

/// What the coordinator asked of a node, and what came back.
struct Claim {
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::uint64_t samples = 0;
    std::uint64_t samples_seen = 0;
    std::uint64_t steps = 0;

    friend bool operator==(const Claim&, const Claim&) = default;
};

/// Why an update can't enter the model, in words, or nothing. Called before the aggregator sees it.
[[nodiscard]] std::optional<std::string> refusal(const Claim& asked, const Claim& claimed,
                                                 std::span<const float> update, std::size_t parameters);

/// Why the CPU time that a client process says it took can't be counted, in words, or nothing: one update that claims
/// NaN seconds would take the sum of all from the summary.
[[nodiscard]] std::optional<std::string> cpu_time_refusal(double cpu_seconds);

}  // namespace fedgram::coordinator
