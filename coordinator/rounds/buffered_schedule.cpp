#include "coordinator/rounds/buffered_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "coordinator/selection/cohort.hpp"

namespace fedgram::coordinator {

namespace {

auto by_arrival(const BufferedTask& task) { return std::tuple{task.end, task.node}; }

}  // namespace

BufferedSchedule::BufferedSchedule(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed,
                                   FleetSchedule::Share share)
    : rule_{rule},
      seed_{seed},
      share_{std::move(share)},
      fleet_{fleet},
      pricing_{fleet.devices},
      hours_{fleet, seed, fleet::time_of_day_s(rule)},
      is_running_(rule.nodes),
      has_begun_(rule.nodes)
{
    draw_order();
}

std::optional<std::string> BufferedSchedule::next(Flush& flush)
{
    flush = {.number = version_ + 1, .began = Seconds{now_}, .lasted = {}, .started = {}, .taken = {}, .lost = {}};
    while (!take_ended(flush)) {
        start_more(flush);
        const bool is_short = running_.size() < rule_.buffered->concurrency;
        const auto arrival = is_short ? next_arrival() : std::nullopt;
        if (running_.empty() && !arrival) {
            flush.lasted = Seconds{now_} - flush.began;
            // An update that no other comes to is used by no model.
            flush.lost.insert(flush.lost.end(), flush.taken.begin(), flush.taken.end());
            flush.taken.clear();
            return "nobody will be there any more who could fill its buffer";
        }
        const auto end = running_.empty() ? std::numeric_limits<double>::infinity() : running_.front().end.count();
        now_ = arrival ? std::min(*arrival, end) : end;
    }
    flush.lasted = Seconds{now_} - flush.began;
    ++version_;
    has_begun_.assign(rule_.nodes, false);
    draw_order();
    return std::nullopt;
}

bool BufferedSchedule::take_ended(Flush& flush)
{
    while (!running_.empty() && running_.front().end.count() <= now_) {
        const auto task = running_.front();
        running_.erase(running_.begin());
        is_running_[task.node] = false;
        if (arrives(task, flush)) return true;
    }
    return false;
}

bool BufferedSchedule::arrives(const BufferedTask& task, Flush& flush)
{
    const auto staleness = version_ - task.version;
    const bool is_stale = rule_.buffered->max_staleness && staleness > *rule_.buffered->max_staleness;
    if (task.leaves || is_stale) {
        flush.lost.push_back(task);
        return false;
    }
    flush.taken.push_back(task);
    return flush.taken.size() == rule_.buffered->buffer;
}

void BufferedSchedule::start_more(Flush& flush)
{
    while (running_.size() < rule_.buffered->concurrency) {
        const auto node = next_node();
        if (!node) return;
        const auto task = task_of(*node);
        is_running_[*node] = true;
        has_begun_[*node] = true;
        flush.started.push_back(task);
        running_.insert(std::ranges::upper_bound(running_, by_arrival(task), {}, by_arrival), task);
    }
}

// Those that were passed over are asked again before others: in the order of the draw.
std::optional<std::uint32_t> BufferedSchedule::next_node()
{
    const auto may = [this](std::uint32_t node) { return !is_running_[node] && hours_.at(node, now_).there; };
    for (std::size_t i = 0; i < passed_over_.size(); ++i) {
        const auto node = passed_over_[i];
        if (!may(node)) continue;
        passed_over_.erase(passed_over_.begin() + static_cast<std::ptrdiff_t>(i));
        return node;
    }
    while (next_in_order_ < order_.size()) {
        const auto node = order_[next_in_order_++];
        if (may(node)) return node;
        passed_over_.push_back(node);
    }
    return std::nullopt;
}

BufferedTask BufferedSchedule::task_of(std::uint32_t node) const
{
    const auto share = share_(node);
    const auto busy = pricing_.busy(fleet_.devices[node], share.train, share.bytes_down, share.bytes_up).busy().count();
    const auto leaves = hours_.at(node, now_).until_s;
    return {node, version_, Seconds{now_}, Seconds{std::min(now_ + busy, leaves)}, leaves < now_ + busy};
}

void BufferedSchedule::draw_order()
{
    std::vector<std::uint32_t> nodes(rule_.nodes);
    std::iota(nodes.begin(), nodes.end(), 0u);
    order_ = shuffled_nodes(seed_, version_ + 1, nodes);
    next_in_order_ = 0;
    passed_over_.clear();
}

std::optional<double> BufferedSchedule::next_arrival() const
{
    auto next = std::numeric_limits<double>::infinity();
    for (std::uint32_t node = 0; node < rule_.nodes; ++node) {
        if (has_begun_[node] || is_running_[node]) continue;
        if (const auto stay = hours_.at(node, now_); !stay.there) next = std::min(next, stay.until_s);
    }
    return std::isfinite(next) ? std::optional{next} : std::nullopt;
}

}  // namespace fedgram::coordinator
