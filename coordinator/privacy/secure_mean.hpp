#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/masking/fixed_point_rule.hpp"
#include "common/masking/mask_graph.hpp"
#include "common/masking/masked_sum.hpp"
#include "common/masking/protocol_cost.hpp"
#include "common/random/stream.hpp"
#include "coordinator/aggregation/aggregator.hpp"

namespace fedgram::coordinator {

/// Noise for the sum that secure aggregation gives, and the divisor that goes with it.
struct SecureNoise {
    double deviation = 0;  ///< on each parameter of the sum
    double divisor = 1;
    Stream stream;
};

/// A round's mean by secure aggregation: masked updates in, their plain sum out, whoever of the cohort drops out
/// (common/masking). The masks and their removal are real; the keys come from the run's seed.
class SecureMean final : public Aggregate {
public:
    /// `global` must outlive it. The graph has the round's whole cohort.
    SecureMean(masking::FixedPointRule rule, masking::MaskedRound round, masking::MaskGraph graph,
               std::uint32_t threshold, std::span<const float> global, std::optional<SecureNoise> noise);

    /// The masked vector in a node's message; nothing where it isn't one.
    [[nodiscard]] std::optional<std::vector<std::uint64_t>> masked(std::span<const std::byte> message) const;
    void add(std::uint32_t node, std::span<const std::uint64_t> masked, std::uint64_t weight);

    /// Why the sum's masks can't be taken off with what has come, or nothing. `unmask` needs nothing.
    [[nodiscard]] std::optional<masking::Unrecoverable> unrecoverable() const;
    /// Takes the masks off. Once all that will come have come, one at least, and before the results.
    void unmask();

    [[nodiscard]] std::vector<float> result() const override;
    [[nodiscard]] std::vector<double> precise_result() const override;
    [[nodiscard]] energy::Work work() const override;
    /// Of this, the noise's.
    [[nodiscard]] energy::Work noise_work() const;

    [[nodiscard]] const masking::MaskGraph& graph() const { return graph_; }
    [[nodiscard]] std::uint32_t threshold() const { return threshold_; }
    [[nodiscard]] masking::ProtocolSetting setting() const;

private:
    masking::FixedPointRule rule_;
    masking::MaskedRound round_;
    masking::MaskGraph graph_;
    std::uint32_t threshold_;
    std::span<const float> global_;
    std::optional<SecureNoise> noise_;
    masking::MaskedSum sum_;
    std::uint64_t weight_ = 0;
    std::vector<std::int64_t> plain_;  // once it is unmasked
};

}  // namespace fedgram::coordinator
