#include "experiments/launch/slurm/queued_task.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <sstream>

namespace fedgram::experiments::slurm {

namespace {

std::optional<std::uint32_t> number(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

bool QueuedTask::is_held() const
{
    // "JobHeldUser", "JobHeldAdmin", "launch failed requeued held", "job requeued in held state"
    return state == "PENDING" && (reason.find("Held") != std::string::npos || reason.find("held") != std::string::npos);
}

bool QueuedTask::is_stuck() const
{
    static constexpr std::array<std::string_view, 6> of_its_turn{
        "None", "Priority", "Resources", "JobArrayTaskLimit", "BeginTime", "Dependency"};
    return state == "PENDING" && !is_held() && std::ranges::find(of_its_turn, reason) == of_its_turn.end();
}

std::vector<QueuedTask> parse_queue(std::string_view text)
{
    std::vector<QueuedTask> tasks;
    std::istringstream lines{std::string{text}};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields{line};
        QueuedTask task;
        std::string index;
        if (!std::getline(fields, task.array, '|') || !std::getline(fields, index, '|') ||
            !std::getline(fields, task.name, '|') || !std::getline(fields, task.state, '|'))
            continue;
        std::getline(fields, task.reason);
        const auto parsed = number(index);  // "N/A" of a job that is no array
        if (!parsed) continue;
        task.index = *parsed;
        tasks.push_back(std::move(task));
    }
    return tasks;
}

}  // namespace fedgram::experiments::slurm
