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
/// for which it is busy, waiting included, with the PUE of a data centre. A closed loop has 16 requests of each client
/// and at least 4,096, and its throughput is that between the first and the last of each, at most its capacity; an open
/// one comes at random (Poisson), and 1,024 may wait. Of an open loop the first eighth is dropped, in which its queue
/// comes about, and it goes on from 32,768 requests until the standard error of the mean latency is at most 5 % of it,
/// and it lasted for 100 / (1 - rho)^2 of them, or to 2,097,152: near capacity a queue takes long to show what it is
/// like.
class VirtualServer final : public AnalyzedServer {
public:
    VirtualServer(ServedModel model, std::vector<ServedDevice> devices, ServingPrices prices);

    /// A failure where the device has no rate of the variant's numbers, takes no such batch, or hasn't the memory. A
    /// rate at or above capacity is unstable, and so is one whose latency isn't known that well by then.
    [[nodiscard]] analysis::Measurement measure(const analysis::Probe& probe) const override;
    [[nodiscard]] bool is_virtual() const override { return true; }

    /// The devices, all forms of the model, and batches that some device takes.
    [[nodiscard]] analysis::Space space() const override;
    [[nodiscard]] LoadRow at_capacity(const analysis::Configuration& configuration,
                                      std::span<const analysis::JournalEntry> measured) const override;
    [[nodiscard]] std::string why_unknown(analysis::Metric metric) const override;
    [[nodiscard]] std::vector<std::string> notes() const override;
    [[nodiscard]] std::string subject() const override;

    /// Answers a second at most; 0 where the device has no rate.
    [[nodiscard]] double capacity(const analysis::Configuration& configuration) const;

    /// Of 1,000 answers at capacity, where nothing waits; nothing where its watts aren't known.
    [[nodiscard]] std::optional<Joules> joules_at_capacity(const analysis::Configuration& configuration) const;

    [[nodiscard]] const ServedDevice& device(const std::string& id) const;
    [[nodiscard]] const ServedModel& model() const override { return model_; }

private:
    /// Of a closed loop: no batch has more than all its clients, and none of them is answered sooner than by itself.
    [[nodiscard]] double closed_capacity(const analysis::Probe& probe) const;
    [[nodiscard]] std::string why_not(const analysis::Configuration& configuration) const;
    [[nodiscard]] double pue(const ServedDevice& device) const;

    ServedModel model_;
    std::vector<ServedDevice> devices_;
    ServingPrices prices_;
};

}  // namespace fedgram::experiments
