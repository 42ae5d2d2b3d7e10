#include "common/report/explain/work_chain.hpp"

#include "common/energy/pricing/pricing.hpp"
#include "common/energy/pricing/roofline.hpp"

namespace fedgram::report {

namespace {

void add(WorkChain& chain, const energy::Work& work, const energy::DeviceProfile& device)
{
    const auto time = energy::compute_time(work, device);
    chain.work += work;
    ++chain.pieces;
    chain.flops_bound += time.flops_bound() ? 1 : 0;
    chain.computing += time.roofline();
    chain.overhead += time.overhead;
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
