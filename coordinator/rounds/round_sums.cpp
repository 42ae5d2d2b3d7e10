// What a round does with sums of updates, which clients send that are trusted to check their nodes' updates. Until its
// sum has come, a held node has not delivered.

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/learning/updates/partial_sum.hpp"
#include "common/spec/presum.hpp"
#include "coordinator/rounds/round.hpp"

namespace fedgram::coordinator {

namespace {

using learning::Refusal;
using learning::RefusalReason;

// The mean's own rounding is far below this.
constexpr double rounding = 1 + 1e-6;

}  // namespace

void Round::take(const NodeHeld& held, Actions& actions)
{
    const auto node = held.node;
    const auto& stated = held.metadata;
    const bool is_of_this_round = stated.training == training_ && stated.round == number_;
    if (!is_of_this_round || !nodes_.awaits(held.client, node)) {
        actions.emplace_back(RefuseUpdate{
            node, learning::unawaited_refusal({training_, number_}, stated, {held.hosted, nodes_.answered(node)})});
        return;
    }
    if (!spec::may_presum(rule_, held.is_local)) {
        drop(held.client, "it sums its nodes' updates, and is not trusted to", actions);
        return;
    }
    if (held.broken_report) {
        drop(held.client, *held.broken_report, actions);
        return;
    }
    actions.emplace_back(RecordHostCost{held.client, node});
    history_.answered[node] = number_;
    auto refused = learning::refusal(asked(node), stated);
    if (!refused && !std::isfinite(held.mean_loss))
        refused = {RefusalReason::not_finite, fmt::format("its mean loss is {}", held.mean_loss)};
    if (refused) {
        refuse_for_good(node, std::move(*refused), actions);
        return;
    }
    actions.emplace_back(NoteHeld{node});
    nodes_.held(node);
}

void Round::take(const SumArrived& sum, Actions& actions)
{
    if (sum.broken_report) {
        drop(sum.client, *sum.broken_report, actions);
        return;
    }
    const bool is_of_this_round = sum.training == training_ && sum.round == number_;
    auto refused = is_of_this_round ? refusal(sum) : std::nullopt;
    if (is_of_this_round && !refused) {
        actions.emplace_back(AddSum{sum.client, {sum.nodes.begin(), sum.nodes.end()}});
        for (const auto node : sum.nodes) nodes_.delivered(node);
        return;
    }
    for (const auto node : sum.nodes) {
        if (refused && nodes_.holds(sum.client, node))
            refuse_for_good(node, *refused, actions);
        else
            actions.emplace_back(
                RefuseUpdate{node, learning::unawaited_refusal({training_, number_}, {sum.training, sum.round},
                                                               {sum.hosted.contains(node), nodes_.answered(node)})});
    }
}

std::optional<Refusal> Round::refusal(const SumArrived& sum) const
{
    std::uint64_t samples = 0;
    std::optional<std::uint32_t> before;
    for (const auto node : sum.nodes) {
        if (before && node <= *before)
            return Refusal{RefusalReason::repeated, fmt::format("its sum names node {} behind node {}", node, *before)};
        if (!nodes_.holds(sum.client, node))
            return Refusal{RefusalReason::not_asked,
                           fmt::format("its sum names node {}, whose update its client doesn't hold", node)};
        samples += nodes_.samples(node);
        before = node;
    }
    if (samples == 0 || sum.samples != samples)
        return Refusal{RefusalReason::wrong_counts,
                       fmt::format("its sum claims {} samples, its nodes have {}", sum.samples, samples)};
    const auto parameters = limits_.global().size();
    const auto read = learning::PartialSum::read(sum.words, parameters);
    if (!read)
        return Refusal{RefusalReason::wrong_shape,
                       fmt::format("its sum has {} words, the model {} parameters", sum.words.size(), parameters)};
    const double distance = read->distance_of_mean(samples, limits_.global());
    if (!(distance <= limits_.max_norm() * rounding))
        return Refusal{RefusalReason::norm_too_large,
                       fmt::format("its sum's mean is {:.6f} from the global model, max_update_norm is {:.6f}",
                                   distance, limits_.max_norm())};
    return std::nullopt;
}

void Round::refuse_for_good(std::uint32_t node, Refusal refusal, Actions& actions)
{
    actions.emplace_back(RefuseUpdate{node, std::move(refusal)});
    nodes_.lost(node);
    waste({node}, true, actions);
}

}  // namespace fedgram::coordinator
