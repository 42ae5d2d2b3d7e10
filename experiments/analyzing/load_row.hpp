#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/text/banded_number.hpp"
#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments {

/// What 1,000 answers take at one load that isn't the search's.
struct LoadRow {
    std::string load;           ///< "at capacity", "10 % of capacity", "as stated"
    double per_second = 0;      ///< requests, over all devices
    std::uint64_t devices = 1;  ///< that are provisioned for it, each in the same configuration
    std::optional<double> p99_ms{};
    std::optional<std::uint64_t> requests{};  ///< of which that is; nothing where none was measured
    /// Too few were answered for a p99 that a constraint bounds, and no other constraint is broken.
    bool p99_unknown = false;
    std::optional<double> joules_per_1000{};
    std::optional<double> grams_per_1000{};
    std::optional<text::Band> joules_band{};  ///< by the bands of the figures that the joules rest on
    std::optional<double> idle_share{};       ///< of the joules, those of waiting
    std::optional<double> core_seconds_per_1000{};
    analysis::Costs costs{};
    bool stable = true;  ///< false: its windows never agreed, or it is more than can be answered
    bool keeps_constraints =
        true;  ///< at capacity, where requests pile up, no p99 does; not looked at where the p99 is unknown
};

}  // namespace fedgram::experiments
