#include "coordinator/clients/held_report.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

namespace fedgram::coordinator {

namespace {

/// `form` has what the estimates of several nodes share, so that of each only its joules cross the wire.
void fill_in(energy::MeterRecord& form, const wire::HeldNode& node)
{
    const auto& joules = node.estimate_joules();
    if (joules.empty()) return;
    if (joules.size() != 3)
        throw ProtocolError{"a host report's estimate has " + std::to_string(joules.size()) +
                            " values; it takes three: the joules, their lower and their upper bound"};
    form.joules = Joules{not_negative(joules[0], "estimate_joules")};
    form.low = Joules{not_negative(joules[1], "estimate_joules")};
    form.high = Joules{not_negative(joules[2], "estimate_joules")};
}

}  // namespace

HostReport held_report(const wire::NodesHeld& held, int place, const protocol::NodeSet& hosted)
{
    const auto& node = held.nodes(place);
    wire::ClientUpdate update;
    update.set_node_cpu_seconds(node.node_cpu_seconds());
    const bool has_usual_estimate = held.node_estimate().empty() && !node.estimate_joules().empty();
    update.set_node_estimate(has_usual_estimate ? to_json(energy::usual_estimate()).dump() : held.node_estimate());
    if (place == 0) update.set_cpu_seconds(held.cpu_seconds());
    auto report = host_report(update, hosted);
    if (report.node.estimate) fill_in(*report.node.estimate, node);
    return report;
}

HostReport sum_report(const wire::PartialSum& sum, const protocol::NodeSet& hosted)
{
    wire::ClientUpdate update;
    *update.mutable_host_meters() = sum.host_meters();
    return host_report(update, hosted);
}

}  // namespace fedgram::coordinator
