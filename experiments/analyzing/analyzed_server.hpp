#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/devices/figure.hpp"
#include "common/text/banded_number.hpp"
#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/journal_entry.hpp"
#include "experiments/analysis/measurement.hpp"
#include "experiments/analysis/metric.hpp"
#include "experiments/analysis/space.hpp"
#include "experiments/analyzing/load_row.hpp"
#include "experiments/analyzing/served_model.hpp"
#include "experiments/analyzing/serving_prices.hpp"
#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

/// What people are told of a device that serves.
struct DeviceSummary {
    std::string sku;  ///< as a bill names it: "NVIDIA T4", "AMD EPYC 9V74, avx512, 2 cores"
    UsdBasis usd = UsdBasis::unknown;
    std::optional<energy::Figure> client_s{};  ///< what its clients saw of an answer
};

/// What a search asks for measurements: a model, and what serves it.
class AnalyzedServer {
public:
    virtual ~AnalyzedServer() = default;

    [[nodiscard]] virtual const ServedModel& model() const = 0;

    [[nodiscard]] virtual const ServingPrices& prices() const = 0;

    /// The profiles that it goes by; none where it is measured.
    [[nodiscard]] virtual std::span<const ServedDevice> profiles() const = 0;

    /// All there is to look through.
    [[nodiscard]] virtual analysis::Space space() const = 0;

    [[nodiscard]] virtual analysis::Measurement measure(const analysis::Probe& probe) const = 0;

    /// At a rate, for a row beside the search's: where measuring takes seconds, for as long as a p99 needs, within
    /// bounds.
    [[nodiscard]] virtual analysis::Measurement measure_row(const analysis::Probe& probe) const
    {
        return measure(probe);
    }

    /// In virtual time the same probe gives the same measurement, at hardly any cost.
    [[nodiscard]] virtual bool is_virtual() const = 0;

    /// Where nothing waits, by what is known or by the best of what was measured; `per_second` is 0 where neither is.
    [[nodiscard]] virtual LoadRow at_capacity(const analysis::Configuration& configuration,
                                              std::span<const analysis::JournalEntry> measured) const = 0;

    /// How far its joules may be off by the bands of the figures that they rest on; nothing where none has one. A
    /// `measured` of the probe itself.
    [[nodiscard]] virtual std::optional<text::Band> joules_band(const analysis::Probe& probe,
                                                                const analysis::Measurement& measured) const = 0;

    [[nodiscard]] virtual DeviceSummary summary(const std::string& device) const = 0;

    /// Why nothing can be the best by it, as it is known of no measurement, and the way out; empty where it may be.
    [[nodiscard]] virtual std::string why_unknown(analysis::Metric metric) const = 0;

    /// What the figures enclose, and what isn't known.
    [[nodiscard]] virtual std::vector<std::string> notes() const = 0;

    /// All that a measurement depends on, as text.
    [[nodiscard]] virtual std::string subject() const = 0;
};

}  // namespace fedgram::experiments
