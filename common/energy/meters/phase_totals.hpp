#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/measured_training.hpp"
#include "common/energy/meters/meter_sampler.hpp"

namespace fedgram::energy {

/// The meters, by the names that `discover` gives them, of what a centralized training on `device` ("cpu" or "cuda")
/// runs on: of a GPU its own board, of the processor all that hold this machine's.
[[nodiscard]] Attempt<std::vector<std::string>> meters_of(const std::string& device,
                                                          const std::string& nvml_library = "libnvidia-ml.so.1",
                                                          const std::string& cuda_library = "libcuda.so.1");

/// Adds up what running meters read from the beginning to the end of each train phase.
class PhaseTotals {
public:
    /// Of the meters of these names; goes on from `so_far`.
    PhaseTotals(std::vector<std::string> meters, std::vector<MeasuredTraining> so_far);

    void begin(std::vector<MeterReading> readings, Instant now);
    /// Ends the phase that was begun last.
    void end(std::span<const MeterReading> readings, Instant now);

    [[nodiscard]] const std::vector<MeasuredTraining>& totals() const { return totals_; }

private:
    [[nodiscard]] MeasuredTraining& total_of(const MeterReading& reading);

    std::vector<std::string> meters_;
    std::vector<MeasuredTraining> totals_;
    std::vector<MeterReading> at_begin_;
    Instant begun_;
};

}  // namespace fedgram::energy
