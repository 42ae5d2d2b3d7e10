#include "coordinator/selection/selector.hpp"

#include <algorithm>

#include "coordinator/selection/alpha_fair.hpp"
#include "coordinator/selection/by_samples.hpp"
#include "coordinator/selection/grams_cap.hpp"
#include "coordinator/selection/lowest_intensity.hpp"
#include "coordinator/selection/oort.hpp"
#include "coordinator/selection/power_of_choice.hpp"
#include "coordinator/selection/uniform.hpp"
#include "coordinator/selection/virtual_hours.hpp"
#include "coordinator/selection/wait_for_cleaner.hpp"

namespace fedgram::coordinator {

namespace {

std::unique_ptr<SelectionPolicy> make_policy(const spec::Training& training, std::uint64_t seed, const NodeFacts& nodes)
{
    const auto& federated = std::get<spec::Federated>(training.kind);
    const auto& rule = federated.selection;
    switch (rule.policy) {
        case spec::SelectionKind::uniform:
            break;
        case spec::SelectionKind::by_samples:
            return std::make_unique<BySamples>(seed, nodes);
        case spec::SelectionKind::power_of_choice:
            return std::make_unique<PowerOfChoice>(rule, federated.batch_size, seed, nodes);
        case spec::SelectionKind::oort:
            return std::make_unique<Oort>(rule.oort, seed, nodes);
        case spec::SelectionKind::lowest_intensity:
            return std::make_unique<LowestIntensity>(seed, nodes);
        case spec::SelectionKind::alpha_fair:
            return std::make_unique<AlphaFair>(rule, "trainings." + training.label + ".selection", seed, nodes);
        case spec::SelectionKind::wait_for_cleaner:
            return std::make_unique<WaitForCleaner>(Seconds{rule.slack_hours * seconds_per_hour}, seed, nodes);
        case spec::SelectionKind::grams_cap:
            return std::make_unique<GramsCap>(rule, seed, nodes);
    }
    return std::make_unique<Uniform>(seed);
}

/// A cohort of nobody is none.
Decision some(Cohort cohort)
{
    if (cohort.nodes.empty()) return Wait{};
    return cohort;
}

}  // namespace

Selector::Selector(const spec::Training& federated, std::uint64_t seed, const NodeFacts& nodes)
    : policy_{make_policy(federated, seed, nodes)},
      limit_{std::get<spec::Federated>(federated.kind).selection.max_participations},
      participation_{nodes.nodes()}
{
}

Decision Selector::select(const Moment& moment) const
{
    auto limited = moment;
    std::vector<std::uint32_t> within_limit;
    if (limit_) {
        const auto may = [this](std::uint32_t times) { return times < *limit_; };
        if (std::ranges::none_of(participation_.times(), may))
            return Stop{"every node has taken part as often as max_participations lets it"};
        std::ranges::copy_if(moment.available, std::back_inserter(within_limit), may,
                             [this](std::uint32_t node) { return participation_.times(node); });
        limited.available = within_limit;
    }
    if (limited.available.empty()) return Wait{};
    auto decision = policy_->select(limited);
    if (auto* cohort = std::get_if<Cohort>(&decision)) return some(std::move(*cohort));
    return decision;
}

Decision Selector::choose(const Moment& moment, std::span<const ProbedLoss> losses) const
{
    return some(policy_->choose(moment, losses));
}

void Selector::learn(const RoundOutcome& outcome)
{
    for (const auto& node : outcome.nodes) participation_.add(node.node);
    policy_->learn(outcome);
}

void Selector::write(learning::StateWriter& state) const
{
    participation_.write(state);
    policy_->write(state);
}

void Selector::read(learning::StateReader& state)
{
    participation_.read(state);
    policy_->read(state);
}

}  // namespace fedgram::coordinator
