#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/units/quantity.hpp"
#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/measurement.hpp"
#include "experiments/analyzing/analyzed_server.hpp"
#include "experiments/analyzing/served_model.hpp"
#include "experiments/analyzing/serving_prices.hpp"
#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

/// Serves a model on device profiles in virtual time: the same probe gives the same measurement, to the bit.
///
/// Instances of one device share it (shared_device.hpp). Its joules are those of its mean power at the share of time
/// for which it is busy, waiting included, with the PUE of a data centre. Loads are those of virtual_load.hpp.
class VirtualServer final : public AnalyzedServer {
public:
    VirtualServer(ServedModel model, std::vector<ServedDevice> devices, ServingPrices prices);

    /// A failure where the device has no rate of the variant's numbers, takes no such batch, or hasn't the memory. A
    /// rate at or above capacity is unstable, and so is one whose latency isn't known that well by then.
    [[nodiscard]] analysis::Measurement measure(const analysis::Probe& probe) const override;
    [[nodiscard]] const ServingPrices& prices() const override { return prices_; }
    [[nodiscard]] std::span<const ServedDevice> profiles() const override { return devices_; }
    [[nodiscard]] bool is_virtual() const override { return true; }

    /// The devices, all forms of the model, batches that some device takes, and where all have cores as many instances
    /// at most.
    [[nodiscard]] analysis::Space space() const override;
    [[nodiscard]] LoadRow at_capacity(const analysis::Configuration& configuration,
                                      std::span<const analysis::JournalEntry> measured) const override;
    [[nodiscard]] std::optional<text::Band> joules_band(const analysis::Probe& probe,
                                                        const analysis::Measurement& measured) const override;
    [[nodiscard]] DeviceSummary summary(const std::string& device) const override;
    [[nodiscard]] std::string why_unknown(analysis::Metric metric) const override;
    [[nodiscard]] std::vector<std::string> notes() const override;
    [[nodiscard]] std::string subject() const override;

    /// Answers a second at most, of requests that come by a clock; 0 where the device has no rate.
    [[nodiscard]] double capacity(const analysis::Configuration& configuration) const;

    /// Of 1,000 answers at capacity, where nothing waits; nothing where its watts aren't known.
    [[nodiscard]] std::optional<Joules> joules_at_capacity(const analysis::Configuration& configuration) const;

    [[nodiscard]] const ServedDevice& device(const std::string& id) const;
    [[nodiscard]] const ServedModel& model() const override { return model_; }

private:
    /// Of the device, busy at capacity.
    [[nodiscard]] double share_at_capacity(const analysis::Configuration& configuration) const;
    /// Whether some form of the model was measured in a server on some device.
    [[nodiscard]] bool is_measured_form() const;
    void add_form_notes(std::vector<std::string>& notes) const;
    [[nodiscard]] std::string why_not(const analysis::Configuration& configuration) const;
    [[nodiscard]] double pue(const ServedDevice& device) const;
    [[nodiscard]] std::vector<VirtualServer> at_ends(const std::string& device) const;
    [[nodiscard]] bool has_watts(const ServedDevice& device) const;
    [[nodiscard]] UsdBasis usd_basis(const ServedDevice& device) const;
    [[nodiscard]] std::string usd_note(const ServedDevice& device) const;

    ServedModel model_;
    std::vector<ServedDevice> devices_;
    ServingPrices prices_;
};

}  // namespace fedgram::experiments
