#include "coordinator/selection/power_of_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "coordinator/selection/by_samples.hpp"
#include "coordinator/selection/weighted_draw.hpp"

namespace fedgram::coordinator {

PowerOfChoice::PowerOfChoice(const spec::Selection& rule, std::uint32_t batch_size, std::uint64_t seed,
                             const NodeFacts& nodes)
    : candidates_{rule.candidates.value()}, loss_{rule.loss}, batch_size_{batch_size}, seed_{seed}, nodes_{nodes}
{
    if (loss_ == spec::CandidateLoss::last_known)
        last_loss_.assign(nodes.nodes(), std::numeric_limits<float>::infinity());
}

Decision PowerOfChoice::select(const Moment& moment) const
{
    auto drawn = draw_by_samples(seed_, moment, nodes_, candidates_);
    if (drawn.size() <= moment.cohort_size) return Cohort{std::move(drawn)};
    if (loss_ == spec::CandidateLoss::last_known) {
        std::vector<ProbedLoss> known;
        known.reserve(drawn.size());
        for (const auto node : drawn) known.push_back({node, last_loss_[node]});
        return choose(moment, known);
    }
    Probes probes;
    probes.nodes.reserve(drawn.size());
    for (const auto node : drawn) {
        const auto samples = nodes_.samples(node);
        probes.nodes.push_back(
            {node, loss_ == spec::CandidateLoss::all ? samples : std::min<std::uint64_t>(samples, batch_size_)});
    }
    return probes;
}

Cohort PowerOfChoice::choose(const Moment& moment, std::span<const ProbedLoss> losses) const
{
    std::vector<std::tuple<double, double, std::uint32_t>> ranked;  // the highest loss first, then the smaller lot
    ranked.reserve(losses.size());
    for (const auto& [node, loss] : losses)
        if (!std::isnan(loss)) ranked.emplace_back(-loss, lot_of(seed_, moment.round, node).tie, node);
    if (moment.cohort_size < ranked.size()) {
        std::nth_element(ranked.begin(), ranked.begin() + moment.cohort_size, ranked.end());
        ranked.resize(moment.cohort_size);
    }
    Cohort cohort;
    cohort.nodes.reserve(ranked.size());
    for (const auto& rank : ranked) cohort.nodes.push_back(std::get<2>(rank));
    std::sort(cohort.nodes.begin(), cohort.nodes.end());
    return cohort;
}

void PowerOfChoice::learn(const RoundOutcome& outcome)
{
    if (loss_ != spec::CandidateLoss::last_known) return;
    for (const auto& [node, delivery] : outcome.nodes)
        if (delivery) last_loss_[node] = static_cast<float>(delivery->mean_loss);
}

void PowerOfChoice::write(learning::StateWriter& state) const { state.add(std::span<const float>{last_loss_}); }

void PowerOfChoice::read(learning::StateReader& state) { state.read(std::span{last_loss_}); }

}  // namespace fedgram::coordinator
