#include "experiments/search/virtual_workers.hpp"

#include <algorithm>

namespace fedgram::experiments {

void VirtualWorkers::begin(const Assignment& assignment)
{
    const auto is_free = [](const Worker& worker) { return !worker.assignment; };
    *std::ranges::find_if(workers_, is_free) = {assignment, now_};
}

bool VirtualWorkers::has_free() const
{
    return std::ranges::any_of(workers_, [](const Worker& worker) { return !worker.assignment; });
}

bool VirtualWorkers::all_free() const
{
    return std::ranges::none_of(workers_, [](const Worker& worker) { return worker.assignment.has_value(); });
}

VirtualWorkers::Worker& VirtualWorkers::worker_of(const Assignment& assignment)
{
    return *std::ranges::find(workers_, assignment, &Worker::assignment);
}

void VirtualWorkers::at_least(const Assignment& assignment, double seconds) { worker_of(assignment).done = seconds; }

void VirtualWorkers::takes(const Assignment& assignment, double seconds)
{
    auto& worker = worker_of(assignment);
    worker.done = seconds;
    worker.known = true;
}

void VirtualWorkers::ends_now(const Assignment& assignment)
{
    auto& worker = worker_of(assignment);
    worker.known = true;
    worker.at_once = true;
}

std::optional<VirtualWorkers::Event> VirtualWorkers::next_end()
{
    Worker* first = nullptr;
    for (auto& worker : workers_)
        if (worker.assignment && (!first || worker.end() < first->end())) first = &worker;
    if (!first || !first->known) return std::nullopt;
    now_ = std::max(now_, first->end());
    const Event event{*first->assignment, now_};
    *first = {};
    return event;
}

}  // namespace fedgram::experiments
