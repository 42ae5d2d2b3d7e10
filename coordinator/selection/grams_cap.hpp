#pragma once

#include "common/spec/selection.hpp"
#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// A uniform draw, as long as its expected grams fit beneath a cap on all grams of the training: those of the rounds so
/// far, as they came, and those of the nodes drawn, their joules times the intensity of their places now.
///
/// With `stop` the training ends with the first draw that doesn't fit. With `skip` a node that doesn't fit is passed
/// over for the next of the draw, and the training ends once none fits: the last rounds then are of the cheapest nodes.
/// A node whose place's intensity isn't known never fits.
class GramsCap final : public SelectionPolicy {
public:
    /// `rule` has max_grams and beyond_cap. `nodes` must outlive it.
    GramsCap(const spec::Selection& rule, std::uint64_t seed, const NodeFacts& nodes)
        : cap_{rule.max_grams}, beyond_{rule.beyond_cap}, seed_{seed}, nodes_{nodes}
    {
    }

    [[nodiscard]] Decision select(const Moment& moment) const override;
    void learn(const RoundOutcome& outcome) override { spent_ += outcome.grams; }
    void write(learning::StateWriter& state) const override;
    void read(learning::StateReader& state) override;

private:
    [[nodiscard]] Stop reached() const;

    GramsCO2e cap_;
    spec::BeyondCap beyond_;
    std::uint64_t seed_;
    const NodeFacts& nodes_;
    GramsCO2e spent_{};
};

}  // namespace fedgram::coordinator
