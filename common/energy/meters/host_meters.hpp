#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "common/energy/meters/core_power.hpp"
#include "common/energy/meters/meter_record.hpp"
#include "common/energy/meters/meter_sampler.hpp"

namespace fedgram::energy {

/// What a process reads of its host while it works.
struct HostMetering {
    /// The machine's own meters. They see all that runs there. So only one process of a machine reads them, and no
    /// joule is reported twice.
    bool machine = false;
    /// For an estimate of this process's own share; without it there is none.
    std::optional<CorePower> core_power;
};

/// Starts the meters that `metering` asks for and that work on this host; nothing when there is none.
[[nodiscard]] std::unique_ptr<MeterSampler> start_host_meters(const HostMetering& metering);

/// The meters' readings up to now. Empty without a sampler.
[[nodiscard]] std::vector<MeterRecord> records(MeterSampler* sampler, const std::string& process);

[[nodiscard]] MeterRecord record(const MeterReading& reading, const std::string& process);

}  // namespace fedgram::energy
