#pragma once

#include <span>
#include <vector>

#include "common/spec/experiment.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "coordinator/strategies/trained_parts.hpp"

namespace fedgram::coordinator {

/// The way from a round's model x to its aggregate t, and the next model at x + change. Computed in double as
/// t + (change - (t - x)), so that a change of just t - x gives the aggregate itself, bit for bit.
class ServerStep {
public:
    /// Borrows the model.
    ServerStep(std::span<const float> model, const Aggregate& aggregate);

    /// t - x, the pseudo-gradient with plus sign, rounded to double once.
    [[nodiscard]] std::span<const double> difference() const { return difference_; }

    /// `change` counts in the trained parts; the rest is the aggregate's.
    [[nodiscard]] std::vector<float> taken(std::span<const double> change, const TrainedParts& parts) const;
    /// The change is `factor` times the difference.
    [[nodiscard]] std::vector<float> times(double factor, const TrainedParts& parts) const;

private:
    std::vector<double> aggregate_;
    std::vector<double> difference_;
};

/// The server's learning rate in a round.
[[nodiscard]] double server_rate(const spec::Federated& rule, std::uint32_t round);

}  // namespace fedgram::coordinator
