#include "coordinator/rounds/virtual_round.hpp"

#include <algorithm>

namespace fedgram::coordinator {

VirtualOutcome virtual_round(std::span<const VirtualNode> cohort, const VirtualRule& rule)
{
    std::vector<const VirtualNode*> done;  // in the order of their updates
    Seconds end;
    for (const auto& node : cohort) {
        const bool stays = node.busy() <= node.leaves;
        const bool in_time = !rule.deadline || node.busy() <= *rule.deadline;
        if (stays && in_time) done.push_back(&node);
        end = std::max(end, std::min(node.busy(), node.leaves));
    }
    std::ranges::stable_sort(done, {}, [](const VirtualNode* node) { return node->busy(); });
    if (rule.deadline) end = std::min(end, *rule.deadline);
    if (rule.goal && done.size() >= *rule.goal) {
        done.resize(*rule.goal);
        end = done.back()->busy();
    }

    VirtualOutcome outcome{.lasted = end, .delivered = {}, .lost = {}};
    for (const auto* const node : done) outcome.delivered.push_back(node->node);
    std::ranges::sort(outcome.delivered);
    for (const auto& node : cohort) {
        if (std::ranges::binary_search(outcome.delivered, node.node)) continue;
        const bool left = node.leaves < node.busy() && node.leaves <= end;
        outcome.lost.push_back({node.node, left ? Loss::left : Loss::late, std::min({node.busy(), node.leaves, end})});
    }
    return outcome;
}

}  // namespace fedgram::coordinator
