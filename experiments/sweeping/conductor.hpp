#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/launch/job_runner.hpp"
#include "experiments/search/search.hpp"
#include "experiments/search/virtual_workers.hpp"
#include "experiments/sweep/search_result.hpp"
#include "experiments/sweeping/sweep_trial.hpp"

namespace fedgram::experiments {

/// Carries out what a search decides: has the runs of its trials trained, and tells it what came of them. Where the
/// search decides by what it is told, it is told so by the clock of its virtual workers.
///
/// All of its state is in the run folders. Another one over the same folders decides the same again, and has nothing
/// trained that is there.
class Conductor {
public:
    /// All but `trials`, which it takes over, outlive it.
    Conductor(const SweepPlan& plan, std::vector<SweepTrial> trials, const SweepPlace& place, JobRunner& runner);

    /// Until the search is over, or a stop has come.
    void run();

    [[nodiscard]] const std::vector<SweepTrial>& trials() const { return trials_; }
    /// What is known by now, without winners.
    [[nodiscard]] SearchResult result() const;
    /// What the cheapest trial that began took of the budget; nothing without one.
    [[nodiscard]] std::optional<double> cheapest() const;

private:
    /// An assignment under way.
    struct Pending {
        Assignment assignment;
        std::size_t jobs = 0;       ///< that haven't ended
        double seconds_before = 0;  ///< of virtual time, that earlier assignments of the trial have taken
        bool told = false;          ///< the clock knows when it ends
    };

    void begin(const Assignment& assignment, std::vector<Job>& jobs);
    void take(const JobEnd& end);
    void tell_clock();
    void settle(const Assignment& assignment);
    [[nodiscard]] double seconds_of(const Pending& pending) const;
    [[nodiscard]] RunOrder order_of(const Assignment& assignment) const;
    [[nodiscard]] double cost_of(const TrialResult& result) const;
    [[nodiscard]] double spent() const;
    void report(const std::string& name, const std::string& what);

    const SweepPlan& plan_;
    std::vector<SweepTrial> trials_;
    const SweepPlace& place_;
    JobRunner& runner_;
    std::string label_;  // whose courses count; empty: all trainings of a run
    std::unique_ptr<Search> search_;
    bool clock_decides_;  // what the search is told earlier changes what it does
    VirtualWorkers workers_;
    std::list<Pending> pending_;
    std::map<std::string, std::pair<std::size_t, std::size_t>> runs_;  // by job: trial, seed
    std::map<std::size_t, TrialResult> results_;                       // of trials that began
    bool budget_spent_ = false;
    std::size_t reported_ = 0;
};

}  // namespace fedgram::experiments
