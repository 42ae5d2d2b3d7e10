#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

struct MeterReading {
    std::string name;
    Boundary boundary{};
    Method method{};
    Seconds resolution;
    Reading reading;
};

/// Starts the meters of a process and samples them all on one thread of its own, until it is stopped or gone. Any
/// thread may call it.
class MeterSampler {
public:
    MeterSampler(std::vector<std::unique_ptr<Meter>> meters, std::chrono::milliseconds period);

    /// Up to now, in the order of the meters.
    [[nodiscard]] std::vector<MeterReading> readings();
    /// Ends the sampling; the readings stay as they are. May be called twice.
    void stop();

private:
    void sample(const std::stop_token& stopped);

    std::mutex mutex_;  // guards meters_
    std::condition_variable_any wake_;
    std::vector<std::unique_ptr<Meter>> meters_;
    std::chrono::milliseconds period_;
    std::jthread thread_;  // last, so that it ends before what it uses
};

}  // namespace fedgram::energy
