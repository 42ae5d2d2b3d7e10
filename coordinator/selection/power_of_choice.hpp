#pragma once

#include <vector>

#include "common/spec/selection.hpp"
#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// Power-of-Choice (Cho, Wang and Joshi 2020, arXiv:2010.01243): d candidates are drawn by sample count, and those with
/// the highest loss of the global model on their own data are the cohort. Equal losses are drawn by lot.
///
/// The loss is that of a probe, on all of a node's samples (pow-d) or on one batch (cpow-d). Or it is that of the
/// node's last training, which takes no traffic (rpow-d); a node that has delivered nothing yet counts as the highest.
/// Where all candidates fit into the cohort nobody is probed.
class PowerOfChoice final : public SelectionPolicy {
public:
    /// `rule.candidates` is set. `batch_size` is how many samples a batch of a probe has. `nodes` must outlive it.
    PowerOfChoice(const spec::Selection& rule, std::uint32_t batch_size, std::uint64_t seed, const NodeFacts& nodes);

    [[nodiscard]] Decision select(const Moment& moment) const override;
    [[nodiscard]] Cohort choose(const Moment& moment, std::span<const ProbedLoss> losses) const override;
    void learn(const RoundOutcome& outcome) override;
    void write(learning::StateWriter& state) const override;
    void read(learning::StateReader& state) override;

private:
    std::uint32_t candidates_;
    spec::CandidateLoss loss_;
    std::uint32_t batch_size_;
    std::uint64_t seed_;
    const NodeFacts& nodes_;
    std::vector<float> last_loss_;  // by node; infinity: none yet; only for CandidateLoss::last_known
};

}  // namespace fedgram::coordinator
