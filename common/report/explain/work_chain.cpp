#include "common/report/explain/work_chain.hpp"

#include "common/energy/pricing/pricing.hpp"
#include "common/energy/pricing/roofline.hpp"

namespace fedgram::carbon {

namespace {

void add(WorkChain& chain, const energy::Work& work, const energy::DeviceProfile& device)
{
    auto free_of_steps = work;
    free_of_steps.steps = 0;
    auto free_of_memory = free_of_steps;
    free_of_memory.memory_bytes = 0;
    const auto computing = energy::compute_time(free_of_steps, device);
    chain.work += work;
    ++chain.pieces;
    chain.flops_bound += computing == energy::compute_time(free_of_memory, device) ? 1 : 0;
    chain.computing += computing;
    chain.overhead += device.step_overhead() * static_cast<double>(work.steps);
}

}  // namespace

WorkChain work_chain(const TrainingRecord& record, const energy::DeviceProfile& device)
{
    WorkChain chain;
    if (record.outcome.kind == TrainingKind::federated) {
        for (const auto& round : energy::node_rounds(record.work))
            for (const auto& node : round.nodes) add(chain, node.train, device);
    } else {
        for (const auto& each : record.work)
            if (each.phase == energy::Phase::train) add(chain, each.work, device);
    }
    return chain;
}

}  // namespace fedgram::carbon
