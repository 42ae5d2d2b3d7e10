#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/energy/devices/served_form.hpp"
#include "common/energy/pricing/batch_service.hpp"
#include "common/serving/latency_summary.hpp"
#include "experiments/analysis/configuration.hpp"
#include "experiments/analyzing/measured_load.hpp"

namespace fedgram::experiments {

/// A load that the fit has not seen, as it was measured and as virtual time has it.
struct CheckedLoad {
    analysis::Probe probe;
    std::string what;            ///< "closed loop, 8 clients", "open loop, 50 % of capacity"
    bool stable = true;          ///< windows agree, and an open loop keeps up
    bool falls_behind = false;   ///< of an open loop, by more than chance: virtual time has too large a capacity
    bool near_capacity = false;  ///< a few per cent of throughput decide how long its queue is
    double measured_per_s = 0;
    double virtual_per_s = 0;
    serving::LatencySummary measured{};
    serving::LatencySummary virtual_time{};

    /// Of virtual time to the measurement; 1 is right.
    [[nodiscard]] double throughput_ratio() const;
    [[nodiscard]] double mean_ratio() const;
};

/// A ratio as how far something is off: "+26 %", beyond a factor of 2 "4.4 times", "1/400".
[[nodiscard]] std::string off_text(double ratio);

/// A record that is off by more isn't to be relied on.
inline constexpr double largest_reliable_factor = 1.5;

struct CalibratedForm {
    energy::ServedForm form;
    std::vector<CheckedLoad> checks;

    /// Some load was stable, none fell behind, and away from capacity virtual time is within a factor of
    /// largest_reliable_factor of all stable ones, in throughput and in mean latency.
    [[nodiscard]] bool is_reliable() const;

    /// How far virtual time is from those that were stable, as words, and whether that is too far.
    [[nodiscard]] std::string agreement() const;
};

/// What is to be calibrated: one form of a model.
struct FormToCalibrate {
    std::string name;
    energy::BatchDemand demand;
    std::filesystem::path file;  ///< of the model
};

/// Of the fit: batches of 1 to 32, by powers of 2.
inline constexpr std::uint32_t largest_calibrated_batch = 32;

/// Measures the form in its server here under nine loads, eleven where there are
/// several cores, fits (calibration/serving_fit.hpp), and then measures seven
/// or eight other loads and asks virtual time for the same: closed loops with fewer clients than fill their batches,
/// open ones at 50 and 80 % of capacity, without and with batches, and two instances where there are two cores. `tell`
/// gets a line before each load. Throws ProtocolError where a server doesn't start or goes away.
[[nodiscard]] CalibratedForm calibrated_form(const FormToCalibrate& of, double cores, const LoadMeasuring& measuring,
                                             const std::function<void(const std::string&)>& tell);

}  // namespace fedgram::experiments
