#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "common/energy/meters/meter_sampler.hpp"
#include "common/units/quantity.hpp"
#include "experiments/analysis/configuration.hpp"
#include "experiments/loading/load_result.hpp"

namespace fedgram::experiments {

/// How a load is measured on this machine.
struct LoadMeasuring {
    Seconds shortest{1.5};              ///< three windows
    std::optional<Seconds> duration{};  ///< just so long, in one attempt, instead of until windows agree
    std::filesystem::path sys;          ///< where the kernel shows its meters
};

/// What came of a load, in the last attempt.
struct MeasuredLoad {
    LoadResult result;
    std::vector<energy::MeterReading> meters;  ///< of this machine, over all of it
    Seconds took;
};

/// Starts a `fedgram-serve` of the model as the probe's configuration says, on loopback, and loads it from this process
/// until windows agree, in as many attempts as are worth it (attempts.hpp), or for as long as was said. The server is
/// killed behind it. Throws ProtocolError where it doesn't start or goes away, with how it ended, SystemError where
/// there is no fedgram-serve.
[[nodiscard]] MeasuredLoad measured_load(const std::filesystem::path& model, const analysis::Probe& probe,
                                         const LoadMeasuring& measuring);

}  // namespace fedgram::experiments
