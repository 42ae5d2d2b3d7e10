#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <vector>

#include "experiments/launch/child_process.hpp"
#include "experiments/launch/job_runner.hpp"
#include "experiments/launch/signal_watch.hpp"

namespace fedgram::experiments {

/// Jobs as processes of this machine.
class LocalJobs final : public JobRunner {
public:
    explicit LocalJobs(std::size_t at_once) : at_once_{at_once} {}

    void submit(const std::vector<Job>& jobs) override;
    [[nodiscard]] std::vector<JobEnd> wait(std::chrono::milliseconds at_most) override;
    [[nodiscard]] std::size_t outstanding() const override { return running_.size() + waiting_.size(); }
    [[nodiscard]] std::optional<int> stopped_by() const override { return stopped_by_; }

private:
    struct Running {
        std::string name;
        ChildProcess process;
    };

    void start_what_has_room();
    [[nodiscard]] std::vector<JobEnd> ended();
    void stop(int signal);

    std::size_t at_once_;
    SignalWatch signals_;
    std::deque<Job> waiting_;
    std::list<Running> running_;
    std::optional<int> stopped_by_;
};

}  // namespace fedgram::experiments
