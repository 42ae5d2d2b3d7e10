#include "experiments/launch/slurm/task_fate.hpp"

namespace fedgram::experiments::slurm {

TaskFate fate_of(const std::optional<TaskEnd>& end, unsigned missing)
{
    if (end && !end->is_interrupted())
        return end->exit_code == 0 ? TaskFate{TaskFate::Kind::good} : TaskFate{TaskFate::Kind::bad, end->text()};
    return {missing < looks_until_gone ? TaskFate::Kind::waits : TaskFate::Kind::asked_after};
}

TaskFate fate_of_lost(const std::string& job, const std::optional<JobRecord>& record, const std::optional<TaskEnd>& end,
                      unsigned tries)
{
    if (record && record->is_cancelled())
        return {TaskFate::Kind::bad, "job " + job + " was cancelled; the same command goes on with it"};
    if (tries < most_tries_again) return {TaskFate::Kind::put_in_again};
    const auto said = record ? "Slurm says " + record->text() : std::string{"Slurm says nothing of it any more"};
    return {TaskFate::Kind::bad, "lost " + std::to_string(tries + 1) + " times, at last as job " + job + ": " +
                                     (end ? end->text() + ", and " : "") + said + "; the same command goes on with it"};
}

}  // namespace fedgram::experiments::slurm
