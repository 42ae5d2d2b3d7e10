#pragma once

#include <optional>

#include "common/energy/meters/cpu_estimate.hpp"
#include "common/energy/meters/meter_record.hpp"

namespace fedgram::energy {

/// What one local training took of this host.
struct NodeCost {
    double cpu_seconds = 0;
    std::optional<MeterRecord> estimate;  ///< nothing where no core's watts are stated
};

/// What the estimates of all nodes share where nothing went wrong: all but the joules and their bounds.
[[nodiscard]] MeterRecord usual_estimate();

/// Charges a node for its own work: the CPU time of the thread that trains it, from construction to `cost`, both on
/// that thread. Neither the process's other nodes nor a busy neighbour are in it.
class NodeMeter {
public:
    explicit NodeMeter(const std::optional<CorePower>& core_power);
    NodeMeter(const NodeMeter&) = delete;
    NodeMeter& operator=(const NodeMeter&) = delete;

    [[nodiscard]] NodeCost cost();

private:
    double cpu_seconds_at_start_;
    double cpu_seconds_;  // as last read, at the instants of the estimate: a training may be short
    std::optional<CpuEstimate> estimate_;
};

}  // namespace fedgram::energy
