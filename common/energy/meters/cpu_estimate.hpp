#pragma once

#include <functional>
#include <optional>

#include "common/energy/meters/core_power.hpp"
#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// A node's own work: the CPU seconds that it used, priced by the watts of a core. Unlike the counters, which see the
/// whole host, neither another node nor a busy neighbour changes it, and the host's idle draw isn't in it.
class CpuEstimate final : public Meter {
public:
    /// `cpu_seconds` is process_cpu_seconds, or thread_cpu_seconds where the node has a thread of its own, which then
    /// has to make the calls.
    CpuEstimate(std::string name, CorePower power, std::function<double()> cpu_seconds);

private:
    void reset() override;
    void sample(Instant now) override;
    [[nodiscard]] Reading reading() const override;

    CorePower power_;
    std::function<double()> cpu_seconds_;
    std::optional<double> first_;
    std::optional<double> used_;
};

}  // namespace fedgram::energy
