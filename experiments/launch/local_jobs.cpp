#include "experiments/launch/local_jobs.hpp"

#include <signal.h>

#include <iostream>

namespace fedgram::experiments {

void LocalJobs::submit(const std::vector<Job>& jobs)
{
    if (!stopped_by_) waiting_.insert(waiting_.end(), jobs.begin(), jobs.end());
    start_what_has_room();
}

std::vector<JobEnd> LocalJobs::wait(std::chrono::milliseconds at_most)
{
    const auto deadline = SignalWatch::Clock::now() + at_most;
    auto ends = ended();
    while (ends.empty() && outstanding() > 0) {
        const auto signal = signals_.wait(-1, deadline).signal;
        if (signal == SIGINT || signal == SIGTERM) stop(signal);
        ends = ended();
        if (signal == 0) break;
    }
    start_what_has_room();
    return ends;
}

void LocalJobs::start_what_has_room()
{
    while (running_.size() < at_once_ && !waiting_.empty()) {
        const auto job = std::move(waiting_.front());
        waiting_.pop_front();
        running_.push_back(
            {job.name, ChildProcess{sibling_program("fedgram"), job.arguments, ChildProcess::Output::file, job.log}});
    }
}

std::vector<JobEnd> LocalJobs::ended()
{
    std::vector<JobEnd> ends;
    std::erase_if(running_, [&](Running& running) {
        if (!running.process.has_just_ended()) return false;
        const auto exit = *running.process.exit();
        ends.push_back({running.name, exit.good(), exit.text()});
        return true;
    });
    return ends;
}

void LocalJobs::stop(int signal)
{
    if (!stopped_by_) std::cerr << "fedgram: stopped; the same call goes on with what is there" << std::endl;
    if (!stopped_by_) stopped_by_ = signal;
    waiting_.clear();
    for (const auto& running : running_) running.process.send(signal);
}

}  // namespace fedgram::experiments
