#include "common/serving/batcher.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::serving {

namespace {

constexpr std::uint32_t most_instances = 1U << 16;

[[noreturn]] void refuse(const std::string& setting, std::int64_t value, const std::string& valid)
{
    throw SpecError{setting + ": " + std::to_string(value) + " is not valid; use " + valid};
}

void check(const BatcherSettings& settings)
{
    if (settings.max_batch < 1 || settings.max_batch > largest_batch)
        refuse("max_batch", settings.max_batch, "1 to " + std::to_string(largest_batch));
    if (settings.instances < 1 || settings.instances > most_instances)
        refuse("instances", settings.instances, "1 to " + std::to_string(most_instances));
    if (settings.queue_delay < Nanoseconds{} || settings.queue_delay > longest_time)
        refuse("queue_delay", settings.queue_delay.count(), "0 to 10^18 ns");
    if (settings.queue_limit < settings.max_batch - 1)
        refuse("queue_limit", settings.queue_limit,
               "at least " + std::to_string(settings.max_batch - 1) + ", or no batch of " +
                   std::to_string(settings.max_batch) + " ever gathers");
    if (settings.deadline && (*settings.deadline <= settings.queue_delay || *settings.deadline > longest_time))
        refuse("deadline", settings.deadline->count(),
               "more than the queue_delay of " + std::to_string(settings.queue_delay.count()) +
                   " ns, or a request that is alone always expires, and at most 10^18 ns");
}

}  // namespace

Batcher::Batcher(const BatcherSettings& settings) : settings_{settings}
{
    check(settings);
    for (auto instance = settings.instances; instance > 0; --instance) free_.push_back(instance - 1);
}

Decision Batcher::request_arrives(RequestId request, Nanoseconds now)
{
    expire(now);
    Decision decision;
    if (free_.empty() && queue_.size() >= settings_.queue_limit)
        decision.refused = true;
    else
        queue_.push({request, now});
    begin_batch(now, decision);
    return decision;
}

Decision Batcher::instance_is_free(std::uint32_t instance, Nanoseconds now)
{
    assert(instance < settings_.instances && std::ranges::find(free_, instance) == free_.end());
    free_.push_back(instance);
    return time_passes(now);
}

Decision Batcher::time_passes(Nanoseconds now)
{
    expire(now);
    Decision decision;
    begin_batch(now, decision);
    return decision;
}

// An instance is free only while less than a batch waits, so that one decision takes all of it.
Decision Batcher::end_delay(Nanoseconds now)
{
    settings_.queue_delay = Nanoseconds{};
    return time_passes(now);
}

// All wait equally long at most, so that those whose deadline is over are the oldest.
void Batcher::expire(Nanoseconds now)
{
    expired_.clear();
    if (!settings_.deadline) return;
    while (!queue_.empty() && queue_.front().arrival + *settings_.deadline <= now) expired_.push_back(queue_.pop());
}

void Batcher::begin_batch(Nanoseconds now, Decision& decision)
{
    const bool is_ready =
        !free_.empty() && !queue_.empty() &&
        (queue_.size() >= settings_.max_batch || queue_.front().arrival + settings_.queue_delay <= now);
    if (is_ready) {
        batch_.clear();
        while (batch_.size() < settings_.max_batch && !queue_.empty()) batch_.push_back(queue_.pop());
        decision.batch = batch_;
        decision.instance = free_.back();
        free_.pop_back();
    }
    decision.expired = expired_;
    decision.wake_at = wake_at();
}

std::optional<Nanoseconds> Batcher::wake_at() const
{
    if (queue_.empty()) return std::nullopt;
    // With an instance free the delay ends first: it is shorter than the deadline.
    if (!free_.empty()) return queue_.front().arrival + settings_.queue_delay;
    if (settings_.deadline) return queue_.front().arrival + *settings_.deadline;
    return std::nullopt;
}

}  // namespace fedgram::serving
