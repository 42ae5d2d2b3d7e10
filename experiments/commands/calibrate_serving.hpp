#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fedgram::experiments {

/// A run whose models are served here.
struct CalibrateServingOptions {
    std::filesystem::path run{};              ///< empty: nothing is served
    std::string training{};                   ///< of the run; empty: the first
    double seconds_per_measurement = 1.5;     ///< of a load that is stable at once
    std::optional<std::string> core_power{};  ///< "7", "4:7:12": watts of a busy core
};

/// `fedgram calibrate --serving`: measures each form of the run's model in fedgram-serve on this machine, and writes
/// the machine's serving record under `id` to `out` (empty: standard output); on standard error the loads, and how far
/// virtual time is from those that weren't fitted. What `out` doesn't take is printed. Before all this it throws
/// SpecError for an id or name that no record may have, SystemError for an `out` that can't be written or is somebody
/// else's; SpecError for a training without a model and a model that can't be served, ProtocolError where a server goes
/// away.
[[nodiscard]] int calibrate_serving(const CalibrateServingOptions& options, const std::string& id,
                                    const std::string& name, const std::filesystem::path& out);

}  // namespace fedgram::experiments
