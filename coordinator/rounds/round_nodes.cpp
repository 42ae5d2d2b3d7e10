#include "coordinator/rounds/round_nodes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace fedgram::coordinator {

namespace {

// Where clients take turns on a core, a turn is several nodes as long as so many are left to the client for later ones:
// changing over costs some ten microseconds, and the last turns, of one node each, even the machine's cores out.
constexpr std::size_t waiting_for_more = 8 * RoundNodes::most_given;

/// The quorum's share of so many nodes, rounded up. In binary 0.55 x 100 is a little more than 55, which are enough.
std::uint32_t least(double quorum, std::size_t nodes)
{
    constexpr double rounding = 1e-9;
    return std::max<std::uint32_t>(
        1, static_cast<std::uint32_t>(std::ceil(quorum * static_cast<double>(nodes) * (1 - rounding))));
}

}  // namespace

RoundNodes::RoundNodes(std::span<const Member> cohort, double quorum)
    : needed_{least(quorum, cohort.size())}, open_{static_cast<std::uint32_t>(cohort.size())}, orphans_{open_}
{
    nodes_.reserve(cohort.size());
    for (const auto& member : cohort) nodes_.push_back({member.node, member.samples});
    by_rank_.resize(cohort.size());
    std::iota(by_rank_.begin(), by_rank_.end(), Place{0});
    std::ranges::stable_sort(by_rank_, std::greater<>{}, [&](Place place) { return cohort[place].samples; });
    for (Rank rank = 0; rank < by_rank_.size(); ++rank) nodes_[by_rank_[rank]].rank = rank;
}

void RoundNodes::join(const Host& host)
{
    std::vector<Rank> taken_up;
    for (const auto& [first, last] : host.nodes.ranges())
        for (auto place = place_of(first); place < nodes_.size() && nodes_[place].id <= last; ++place) {
            auto& node = nodes_[place];
            if (node.state != State::orphaned) continue;
            node.state = State::waiting;
            node.client = host.client;
            taken_up.push_back(node.rank);
        }
    if (taken_up.empty()) return;
    orphans_ -= static_cast<std::uint32_t>(taken_up.size());
    auto& machine = machines_[host.machine];
    machine.most_cores = std::max(machine.most_cores, host.cores);
    auto& worker = workers_[host.client];
    worker.machine = &machine;
    worker.cores = host.cores;
    update(host.client, worker, [&] {
        worker.waiting.insert(worker.waiting.end(), taken_up.begin(), taken_up.end());
        std::ranges::sort(worker.waiting, std::greater<>{});
    });
}

std::vector<Assignment> RoundNodes::assign(const std::function<bool(ClientId)>& there)
{
    std::vector<Assignment> assignments;
    for (auto* const machine : changed_) assign_on(*machine, there, assignments);
    for (auto* const machine : changed_) machine->changed = false;
    changed_.clear();
    return assignments;
}

void RoundNodes::assign_on(Machine& machine, const std::function<bool(ClientId)>& there,
                           std::vector<Assignment>& assignments)
{
    const auto go_through = [&](std::map<Rank, ClientId>& clients, const auto& may_start) {
        for (auto next = clients.begin(); next != clients.end();) {
            const auto client = next->second;
            auto& worker = workers_.at(client);
            ++next;  // before this entry goes
            if (!there(client))
                orphan_waiting(client, worker);
            else
                while (may_start(worker)) assignments.push_back(start(client, worker));
            if (machine.busy >= machine.most_cores && &clients == &machine.idle) break;
        }
    };
    if (machine.busy < machine.most_cores)
        go_through(machine.idle, [&](const Worker& worker) {
            if (worker.training.empty()) return machine.busy < worker.cores;
            return worker.training.size() < most_given && worker.waiting.size() >= waiting_for_more;
        });
    if (machine.idle.empty())
        go_through(machine.ahead,
                   [](const Worker& worker) { return !worker.waiting.empty() && worker.training.size() < most_given; });
}

Assignment RoundNodes::start(ClientId client, Worker& worker)
{
    const auto place = by_rank_[worker.waiting.back()];
    update(client, worker, [&] {
        worker.waiting.pop_back();
        worker.training.push_back(place);
    });
    nodes_[place].state = State::training;
    return {client, nodes_[place].id, static_cast<std::uint32_t>(worker.waiting.size())};
}

template <class Change>
void RoundNodes::update(ClientId client, Worker& worker, Change change)
{
    auto& machine = *worker.machine;
    const auto list = [&]() -> std::map<Rank, ClientId>* {
        if (worker.waiting.empty() || worker.training.size() > most_given / 2) return nullptr;
        return worker.training.empty() ? &machine.idle : &machine.ahead;
    };
    if (auto* const before = list()) before->erase(worker.waiting.back());
    machine.busy -= worker.training.empty() ? 0 : 1;
    change();
    machine.busy += worker.training.empty() ? 0 : 1;
    if (auto* const after = list()) after->emplace(worker.waiting.back(), client);
    if (!std::exchange(machine.changed, true)) changed_.push_back(&machine);
}

bool RoundNodes::awaits(ClientId client, std::uint32_t node) const
{
    const auto* const found = find(node);
    return found && found->client == client && found->state == State::training;
}

std::optional<std::uint32_t> RoundNodes::training_on(ClientId client) const
{
    const auto worker = workers_.find(client);
    if (worker == workers_.end() || worker->second.training.empty()) return std::nullopt;
    return nodes_[worker->second.training.front()].id;
}

bool RoundNodes::owed_by(const protocol::NodeSet& nodes) const
{
    return std::ranges::any_of(nodes.ranges(), [&](const auto& range) {
        for (auto place = place_of(range.first); place < nodes_.size() && nodes_[place].id <= range.last; ++place)
            if (nodes_[place].state != State::delivered && nodes_[place].state != State::lost) return true;
        return false;
    });
}

bool RoundNodes::answered(std::uint32_t node) const
{
    const auto* const found = find(node);
    return found && (found->state == State::delivered || found->state == State::lost);
}

bool RoundNodes::holds(ClientId client, std::uint32_t node) const
{
    const auto* const found = find(node);
    return found && found->client == client && found->state == State::held;
}

std::vector<std::uint32_t> RoundNodes::held_by(ClientId client) const
{
    std::vector<std::uint32_t> ids;
    for (const auto& node : nodes_)
        if (node.state == State::held && node.client == client) ids.push_back(node.id);
    return ids;
}

void RoundNodes::held(std::uint32_t id)
{
    const auto place = place_of(id);
    auto& node = nodes_[place];
    auto& worker = workers_.at(node.client);
    update(node.client, worker, [&] { std::erase(worker.training, place); });
    node.state = State::held;
}

void RoundNodes::delivered(std::uint32_t node)
{
    end(node, State::delivered);
    ++delivered_;
}

void RoundNodes::lost(std::uint32_t node) { end(node, State::lost); }

void RoundNodes::end(std::uint32_t id, State state)
{
    const auto place = place_of(id);
    auto& node = nodes_[place];
    if (node.state == State::orphaned) {
        --orphans_;
    } else if (node.state != State::held) {
        auto& worker = workers_.at(node.client);
        update(node.client, worker, [&] {
            std::erase(worker.training, place);
            std::erase(worker.waiting, node.rank);
        });
    }
    node.state = state;
    --open_;
}

std::optional<std::uint32_t> RoundNodes::client_lost(ClientId client)
{
    const auto found = workers_.find(client);
    if (found == workers_.end()) return std::nullopt;
    auto& worker = found->second;
    const auto begun = training_on(client);
    orphan_waiting(client, worker);
    for (const auto place : worker.training) orphan(place);
    for (const auto node : held_by(client)) orphan(place_of(node));
    update(client, worker, [&] { worker.training.clear(); });
    workers_.erase(found);
    return begun;
}

void RoundNodes::orphan_waiting(ClientId client, Worker& worker)
{
    for (const auto rank : worker.waiting) orphan(by_rank_[rank]);
    update(client, worker, [&] { worker.waiting.clear(); });
}

void RoundNodes::orphan(Place place)
{
    nodes_[place].state = State::orphaned;
    ++orphans_;
}

std::vector<std::uint32_t> RoundNodes::expire()
{
    std::vector<std::uint32_t> begun;
    for (auto& node : nodes_) {
        if (node.state == State::training && training_on(node.client) == node.id) begun.push_back(node.id);
        if (node.state != State::delivered) node.state = State::lost;
    }
    workers_.clear();
    machines_.clear();
    changed_.clear();
    open_ = orphans_ = 0;
    return begun;
}

RoundNodes::Place RoundNodes::place_of(std::uint32_t node) const
{
    return static_cast<Place>(std::ranges::lower_bound(nodes_, node, {}, &Node::id) - nodes_.begin());
}

const RoundNodes::Node* RoundNodes::find(std::uint32_t node) const
{
    const auto place = place_of(node);
    return place < nodes_.size() && nodes_[place].id == node ? &nodes_[place] : nullptr;
}

run::RunProgress::Nodes RoundNodes::counts() const
{
    run::RunProgress::Nodes counts;
    for (const auto& node : nodes_) {
        if (node.state == State::delivered || node.state == State::held)
            ++counts.delivered;
        else if (node.state == State::lost)
            ++counts.lost;
        else if (node.state == State::training && training_on(node.client) == node.id)
            ++counts.training;
        else
            ++counts.waiting;
    }
    return counts;
}

std::vector<std::uint32_t> RoundNodes::in_state(State state) const
{
    std::vector<std::uint32_t> ids;
    for (const auto& node : nodes_)
        if (node.state == state) ids.push_back(node.id);
    return ids;
}

}  // namespace fedgram::coordinator
