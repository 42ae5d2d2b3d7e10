#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "common/run/running_costs.hpp"

namespace fedgram::coordinator {

/// Shows how the training goes, on standard error: a line for each evaluation, above the first what its joules and
/// grams contain, and on a terminal a line in between that is overwritten. The centralized training calls it from its
/// own thread.
class Progress {
public:
    Progress();

    void say(const std::string& line);
    void evaluated(const std::string& label, std::uint32_t round, std::uint32_t most_rounds, double accuracy,
                   double test_loss, const run::RunningCosts& costs, std::chrono::duration<double> elapsed);
    /// A line that the next one overwrites. `line` is asked ten times a second at most, and never where standard error
    /// is no terminal.
    void transient(const std::function<std::string()>& line);

private:
    bool terminal_;
    std::mutex mutex_;  // guards what follows, and keeps lines apart
    bool transient_shown_ = false;
    bool explained_ = false;
    std::chrono::steady_clock::time_point next_transient_{};
};

}  // namespace fedgram::coordinator
