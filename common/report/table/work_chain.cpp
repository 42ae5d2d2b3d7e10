#include "common/report/table/work_chain.hpp"

#include <vector>

#include "common/energy/pricing/compute_time.hpp"
#include "common/energy/pricing/repeated_sum.hpp"

namespace fedgram::report {

namespace {

void add(WorkChain& chain, const energy::ComputeTime& time, std::uint32_t count)
{
    chain.pieces += count;
    chain.loading += time.sum() > time.busy() && time.loading > time.launching ? count : 0;
    chain.launching += time.sum() > time.busy() && time.loading <= time.launching ? count : 0;
    chain.flops_bound += time.flops_bound() ? count : 0;
    energy::add_repeatedly(chain.loading_time, time.loading, count);
    energy::add_repeatedly(chain.launching_time, time.launching, count);
    energy::add_repeatedly(chain.short_kernels, time.short_kernels, count);
    energy::add_repeatedly(chain.full_rate, time.full_rate(), count);
    energy::add_repeatedly(chain.waiting, time.waiting(), count);
    chain.clock = time.clock;
}

}  // namespace

WorkChain work_chain(const run::TrainingRecord& record, const energy::DeviceProfile& device)
{
    const auto& work = record.work;
    std::vector<energy::ComputeTime> times;
    times.reserve(work.works.size());
    for (const auto& each : work.works) times.push_back(energy::compute_time(each, device));
    WorkChain chain;
    chain.work = work.trained();
    for (const auto& round : work.rounds)
        for (const auto& [place, count] : work.deals[round.deal]) add(chain, times[place], count);
    return chain;
}

WorkChain work_chain(const energy::Work& work, const energy::DeviceProfile& device)
{
    WorkChain chain;
    chain.work = work;
    add(chain, energy::compute_time(work, device), 1);
    return chain;
}

}  // namespace fedgram::report
