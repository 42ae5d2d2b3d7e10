#include "coordinator/round.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace fedgram::coordinator {

namespace {

/// The quorum's share of so many nodes, rounded up. In binary 0.55 x 100 is a little more than 55, which are enough.
std::uint32_t least(double quorum, std::size_t nodes)
{
    constexpr double rounding = 1e-9;
    return std::max<std::uint32_t>(
        1, static_cast<std::uint32_t>(std::ceil(quorum * static_cast<double>(nodes) * (1 - rounding))));
}

}  // namespace

Round::Round(std::span<const Member> cohort, double quorum)
    : needed_{least(quorum, cohort.size())},
      open_{static_cast<std::uint32_t>(cohort.size())}
{
    for (const auto& member : cohort)
        nodes_.push_back({member.node, member.samples});
    std::stable_sort(nodes_.begin(), nodes_.end(), [](const Node& a, const Node& b) { return a.samples > b.samples; });
}

std::vector<Assignment> Round::assign(std::span<const Host> hosts)
{
    std::map<std::uint32_t, const Host*> host_of;
    for (const auto& host : hosts)
        for (const auto node : host.nodes)
            host_of[node] = &host;
    std::map<std::string, std::uint32_t> busy_on_machine;
    std::set<std::uint64_t> busy;
    for (const auto& node : nodes_) {
        if (node.state != State::training)
            continue;
        busy.insert(node.client);
        if (const auto host = host_of.find(node.id); host != host_of.end())
            ++busy_on_machine[host->second->machine];
    }

    std::vector<Assignment> assignments;
    for (auto& node : nodes_) {
        if (node.state != State::waiting && node.state != State::orphaned)
            continue;
        const auto found = host_of.find(node.id);
        node.state = found == host_of.end() ? State::orphaned : State::waiting;
        if (node.state == State::orphaned)
            continue;
        const Host& host = *found->second;
        if (busy.contains(host.client) || busy_on_machine[host.machine] >= host.cores)
            continue;
        busy.insert(host.client);
        ++busy_on_machine[host.machine];
        node.state = State::training;
        node.client = host.client;
        assignments.push_back({host.client, node.id});
    }
    return assignments;
}

bool Round::awaits(std::uint64_t client, std::uint32_t node) const
{
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& each) {
        return each.id == node && each.client == client && each.state == State::training;
    });
}

std::vector<std::uint32_t> Round::training_on(std::uint64_t client) const
{
    std::vector<std::uint32_t> ids;
    for (const auto& node : nodes_)
        if (node.state == State::training && node.client == client)
            ids.push_back(node.id);
    return ids;
}

bool Round::owed_by(std::span<const std::uint32_t> nodes) const
{
    return std::ranges::any_of(nodes_, [&](const Node& each) {
        return each.state != State::delivered && each.state != State::lost &&
               std::ranges::find(nodes, each.id) != nodes.end();
    });
}

bool Round::answered(std::uint32_t node) const
{
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& each) {
        return each.id == node && (each.state == State::delivered || each.state == State::lost);
    });
}

void Round::delivered(std::uint32_t node)
{
    find(node)->state = State::delivered;
    --open_;
    ++delivered_;
}

void Round::lost(std::uint32_t node)
{
    find(node)->state = State::lost;
    --open_;
}

std::vector<std::uint32_t> Round::client_lost(std::uint64_t client)
{
    std::vector<std::uint32_t> orphans;
    for (auto& node : nodes_)
        if (node.state == State::training && node.client == client) {
            node.state = State::orphaned;
            orphans.push_back(node.id);
        }
    return orphans;
}

std::vector<std::uint32_t> Round::expire()
{
    auto training = in_state(State::training);
    for (auto& node : nodes_)
        if (node.state != State::delivered && node.state != State::lost)
            lost(node.id);
    return training;
}

bool Round::busy() const
{
    return std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) {
        return node.state == State::waiting || node.state == State::training;
    });
}

std::vector<std::uint32_t> Round::delivered_nodes() const { return in_state(State::delivered); }

std::vector<std::uint32_t> Round::orphaned_nodes() const { return in_state(State::orphaned); }

std::vector<std::uint32_t> Round::lost_nodes() const { return in_state(State::lost); }

Round::Node* Round::find(std::uint32_t node)
{
    return &*std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& each) { return each.id == node; });
}

std::vector<std::uint32_t> Round::in_state(State state) const
{
    std::vector<std::uint32_t> ids;
    for (const auto& node : nodes_)
        if (node.state == state)
            ids.push_back(node.id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace fedgram::coordinator
