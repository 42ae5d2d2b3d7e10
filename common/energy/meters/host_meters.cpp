#include "common/energy/meters/host_meters.hpp"

#include "common/energy/meters/cpu_estimate.hpp"
#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/elapsed.hpp"
#include "common/energy/meters/host.hpp"

namespace fedgram::energy {

std::unique_ptr<MeterSampler> start_host_meters(const HostMetering& metering)
{
    std::vector<std::unique_ptr<Meter>> meters;
    if (metering.machine) meters = discover().meters;
    if (metering.core_power)
        meters.push_back(
            std::make_unique<CpuEstimate>("CPU estimate", *metering.core_power, [] { return process_cpu_seconds(); }));
    if (meters.empty()) return nullptr;
    return std::make_unique<MeterSampler>(std::move(meters), sampling_period);
}

std::vector<MeterRecord> records(MeterSampler* sampler, const std::string& process)
{
    std::vector<MeterRecord> all;
    if (sampler == nullptr) return all;
    for (const auto& reading : sampler->readings()) all.push_back(record(reading, process));
    return all;
}

MeterRecord record(const MeterReading& reading, const std::string& process)
{
    MeterRecord record{process,
                       reading.name,
                       std::string{name(reading.boundary)},
                       std::string{name(reading.method)},
                       reading.reading.joules,
                       reading.reading.low,
                       reading.reading.high,
                       {},
                       reading.reading.warnings,
                       reading.reading.busy};
    for (const auto& gap : reading.reading.gaps) record.gaps.push_back({elapsed(gap.from, gap.until), gap.reason});
    return record;
}

}  // namespace fedgram::energy
