#include "common/report/table/work_chain.hpp"

#include "common/energy/pricing/compute_time.hpp"
#include "common/energy/pricing/pricing.hpp"

namespace fedgram::report {

namespace {

void add(WorkChain& chain, const energy::Work& work, const energy::DeviceProfile& device)
{
    const auto time = energy::compute_time(work, device);
    chain.work += work;
    ++chain.pieces;
    chain.loading += time.sum() > time.busy() && time.loading > time.launching ? 1 : 0;
    chain.launching += time.sum() > time.busy() && time.loading <= time.launching ? 1 : 0;
    chain.flops_bound += time.flops_bound() ? 1 : 0;
    chain.loading_time += time.loading;
    chain.launching_time += time.launching;
    chain.short_kernels += time.short_kernels;
    chain.full_rate += time.full_rate();
    chain.waiting += time.waiting();
    chain.clock = time.clock;
}

}  // namespace

WorkChain work_chain(const run::TrainingRecord& record, const energy::DeviceProfile& device)
{
    WorkChain chain;
    if (record.outcome.kind == run::TrainingKind::federated) {
        for (const auto& round : energy::node_rounds(record.work))
            for (const auto& node : round.nodes) add(chain, node.train, device);
    } else {
        for (const auto& each : record.work)
            if (each.phase == energy::Phase::train) add(chain, each.work, device);
    }
    return chain;
}

}  // namespace fedgram::report
