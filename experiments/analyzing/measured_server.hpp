#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/meters/core_power.hpp"
#include "common/energy/meters/discover.hpp"
#include "common/units/quantity.hpp"
#include "experiments/analyzing/analyzed_server.hpp"
#include "experiments/analyzing/served_model.hpp"
#include "experiments/analyzing/serving_prices.hpp"

namespace fedgram::experiments {

/// How a machine is measured.
struct MeasuringOptions {
    Seconds shortest{1.5};                             ///< three windows, where they agree
    std::optional<energy::CorePower> core_power{};     ///< prices core-seconds where no meter works
    std::filesystem::path sys = energy::sysfs_root();  ///< where the kernel shows its meters
};

/// Serves a model on this machine: for each probe a `fedgram-serve` of its own on loopback, which a generator in this
/// process loads, on the same cores (measured_load.hpp). Throughput and latency are those of the last three windows
/// (common/serving), behind 0.2 s of warming up; memory is the server's resident set at the end; core-seconds are the
/// server's.
///
/// Joules are those of the machine's meter over the whole load, generator and waiting included. Without a meter they
/// are the server's core-seconds at the stated watts of a busy core, and without these they aren't known.
class MeasuredServer final : public AnalyzedServer {
public:
    /// `files` are the variants' model files, in their order.
    MeasuredServer(ServedModel model, std::vector<std::filesystem::path> files, ServingPrices prices,
                   MeasuringOptions options);

    [[nodiscard]] const ServedModel& model() const override { return model_; }
    [[nodiscard]] const ServingPrices& prices() const override { return prices_; }
    [[nodiscard]] std::span<const ServedDevice> profiles() const override { return {}; }
    [[nodiscard]] bool is_virtual() const override { return false; }
    /// With as many instances at most as there are cores, and no more than five.
    [[nodiscard]] analysis::Space space() const override;
    /// A failure where the server doesn't start or goes away, twice: it may do better another time. Throws SystemError
    /// where there is no fedgram-serve.
    [[nodiscard]] analysis::Measurement measure(const analysis::Probe& probe) const override;
    /// The same for so long as measured_row.hpp says.
    [[nodiscard]] analysis::Measurement measure_row(const analysis::Probe& probe) const override;
    /// The greatest throughput that was measured of it, where it was stable if it ever was.
    [[nodiscard]] LoadRow at_capacity(const analysis::Configuration& configuration,
                                      std::span<const analysis::JournalEntry> measured) const override;
    /// Of joules by core-seconds; a meter's own error isn't known.
    [[nodiscard]] std::optional<text::Band> joules_band(const analysis::Probe& probe,
                                                        const analysis::Measurement& measured) const override;
    [[nodiscard]] DeviceSummary summary(const std::string& device) const override;
    [[nodiscard]] std::string why_unknown(analysis::Metric metric) const override;
    [[nodiscard]] std::vector<std::string> notes() const override;
    [[nodiscard]] std::string subject() const override;

private:
    /// For `duration`, or until windows agree.
    [[nodiscard]] analysis::Measurement loaded(const analysis::Probe& probe,
                                               const std::optional<Seconds>& duration) const;
    [[nodiscard]] analysis::Measurement tried(const analysis::Probe& probe,
                                              const std::optional<Seconds>& duration) const;
    [[nodiscard]] std::string energy_note() const;
    /// By core-seconds of 1,000 answers at the stated watts of a core, with PUE.
    [[nodiscard]] Joules modelled(double core_seconds, Watts of_a_core) const;
    [[nodiscard]] bool has_joules() const;
    [[nodiscard]] std::string usd_note() const;

    ServedModel model_;
    std::vector<std::filesystem::path> files_;
    ServingPrices prices_;
    MeasuringOptions options_;
    std::string machine_;  // "AMD EPYC 9V74, avx512, 2 cores"
};

}  // namespace fedgram::experiments
