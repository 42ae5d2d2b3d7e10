#include "common/energy/meters/node_meter.hpp"

#include "common/energy/meters/host.hpp"
#include "common/energy/meters/host_meters.hpp"

namespace fedgram::energy {

namespace {

constexpr const char* name_of_estimate = "CPU estimate";

}  // namespace

MeterRecord usual_estimate()
{
    MeterRecord record;
    record.process = "node";
    record.meter = name_of_estimate;
    record.boundary = "chip";
    record.method = "estimated";
    return record;
}

NodeMeter::NodeMeter(const std::optional<energy::CorePower>& core_power)
    : cpu_seconds_at_start_{thread_cpu_seconds()}, cpu_seconds_{cpu_seconds_at_start_}
{
    if (!core_power) return;
    estimate_.emplace(name_of_estimate, *core_power, [this] { return cpu_seconds_; });
    estimate_->start(Instant::clock::now());
}

NodeCost NodeMeter::cost()
{
    NodeCost cost;
    cpu_seconds_ = thread_cpu_seconds();
    cost.cpu_seconds = cpu_seconds_ - cpu_seconds_at_start_;
    if (estimate_)
        cost.estimate = record({estimate_->name(), estimate_->boundary(), estimate_->method(), estimate_->resolution(),
                                estimate_->stop(Instant::clock::now())},
                               "node");
    return cost;
}

}  // namespace fedgram::energy
