#pragma once

#include <string>
#include <vector>

#include "coordinator/selection/carbon_plan.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// The hours that a CarbonPlan gives to each node. In an hour a node takes part in one round at most, which is what the
/// plan pays for; a round's cohort is a uniform draw of the available nodes that have their round of this hour left.
/// Where there is none, the round waits for the next hour that any node has; behind the last one the training stops.
///
/// The plan counts on expected joules, and on nodes that are there: what an absent or a lost node leaves of the budget
/// isn't dealt out anew.
class AlphaFair final : public SelectionPolicy {
public:
    /// As CarbonPlan's.
    AlphaFair(const spec::Selection& rule, const std::string& path, std::uint64_t seed, const NodeFacts& nodes)
        : plan_{rule, nodes, path}, seed_{seed}, last_hour_(nodes.nodes())
    {
    }

    [[nodiscard]] Decision select(const Moment& moment) const override;
    void learn(const RoundOutcome& outcome) override;
    void write(learning::StateWriter& state) const override;
    void read(learning::StateReader& state) override;

private:
    CarbonPlan plan_;
    std::uint64_t seed_;
    std::vector<std::uint16_t> last_hour_;  // by node, in which it took part, counted from 1; 0: none
};

}  // namespace fedgram::coordinator
