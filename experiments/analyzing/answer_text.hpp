#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/energy/devices/figure.hpp"
#include "common/text/banded_number.hpp"

namespace fedgram::experiments {

// How figures of answers read in a table. What isn't known is "-".

[[nodiscard]] std::string optional_text(const std::optional<double>& value, double times = 1);

/// "12 %"
[[nodiscard]] std::string share_text(const std::optional<double>& share);

/// "0.11 (0.024-0.38)"
[[nodiscard]] std::string banded_text(const std::optional<double>& value, const std::optional<text::Band>& band);

/// So many answers a p99 is known of, at least.
[[nodiscard]] std::uint64_t requests_of_a_p99();

/// "p99 unknown: 450 of 662 answers"
[[nodiscard]] std::string p99_unknown_text(std::uint64_t answers);

/// "10 to 60 ms"
[[nodiscard]] std::string milliseconds_text(const energy::Figure& seconds);

/// That of grams, which are in the joules' proportion.
[[nodiscard]] std::optional<text::Band> grams_band(const std::optional<text::Band>& joules_band,
                                                   const std::optional<double>& joules,
                                                   const std::optional<double>& grams);

}  // namespace fedgram::experiments
