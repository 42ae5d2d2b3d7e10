#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/devices/figure.hpp"
#include "common/energy/meters/found.hpp"
#include "common/energy/meters/meter_sampler.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::experiments {

/// What a machine draws while it waits and while one of its cores trains, as a device profile has it.
struct MachinePower {
    energy::Figure idle_w;
    energy::Figure train_w;
    std::string boundary;
};

/// What the machine's meters read over a stretch of time.
struct MeteredSpan {
    std::vector<energy::MeterReading> readings;
    Seconds length;
};

/// By the meter that encloses the most and missed nothing of either stretch: wall before board, module and chip. Of two
/// alike a counter wins. The standing is `measured`; the source names the meter and the core's own share of the draw.
/// Nothing when no meter was complete, or none drew more in training than idle. Both stretches are of the same meters,
/// in the same order; `cores` is how many the machine lets this program use.
[[nodiscard]] std::optional<MachinePower> metered_power(const MeteredSpan& idle, const MeteredSpan& training,
                                                        std::uint32_t cores);

/// As its user states it: standing `assumed`.
[[nodiscard]] MachinePower stated_power(double idle_w, double train_w, const std::string& boundary);

/// One line for watts that are neither stated nor measured: why no meter has them, and both ways out.
[[nodiscard]] std::string no_power_text(std::span<const energy::Unavailable> unavailable,
                                        const std::optional<MeteredSpan>& training);

}  // namespace fedgram::experiments
