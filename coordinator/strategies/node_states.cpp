#include "coordinator/strategies/node_states.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/updates/exact_sum.hpp"
#include "common/learning/updates/largest_magnitude.hpp"

namespace fedgram::coordinator {

NodeStates::NodeStates(std::uint32_t nodes, std::size_t parameters) : nodes_{nodes}, mean_(parameters) {}

std::span<const float> NodeStates::of(std::uint32_t node) const
{
    const auto found = states_.find(node);
    return found == states_.end() ? std::span<const float>{} : found->second;
}

void NodeStates::hold(std::uint32_t node, std::vector<float> state)
{
    if (!(learning::largest_magnitude(state) < learning::fixed_point_limit / 2))
        throw SystemError{"the strategy's state of node " + std::to_string(node) +
                          " has grown beyond all bounds; use a smaller learning rate, or a larger one where its steps "
                          "are too small for their gradients"};
    held_[node] = std::move(state);
}

void NodeStates::commit()
{
    if (held_.empty()) return;
    learning::ExactSum change{mean_.size()};
    std::vector<float> negated(mean_.size());
    for (auto& [node, state] : held_) {
        change.add(state, 1);
        if (const auto before = of(node); !before.empty()) {
            std::ranges::transform(before, negated.begin(), std::negate{});
            change.add(negated, 1);
        }
        states_[node] = std::move(state);
    }
    held_.clear();
    std::ranges::transform(mean_, change.precisely_over(nodes_), mean_.begin(), std::plus{});
}

void NodeStates::write(learning::StateWriter& state) const
{
    std::vector<std::uint32_t> nodes;
    for (const auto& [node, values] : states_) nodes.push_back(node);
    state.add(std::span<const std::uint32_t>{nodes});
    for (const auto& [node, values] : states_) state.add(std::span<const float>{values});
    state.add(std::span<const double>{mean_});
}

void NodeStates::read(learning::StateReader& state)
{
    for (const auto node : state.list<std::uint32_t>()) states_[node].resize(mean_.size());
    for (auto& [node, values] : states_) state.read(std::span{values});
    state.read(std::span{mean_});
}

}  // namespace fedgram::coordinator
