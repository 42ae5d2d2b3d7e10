#include "experiments/sweeping/conductor.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <limits>
#include <utility>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/number_text.hpp"
#include "experiments/search/all_trials.hpp"
#include "experiments/search/asha.hpp"
#include "experiments/search/halving.hpp"
#include "experiments/search/rungs.hpp"
#include "experiments/sweeping/run_course.hpp"

namespace fedgram::experiments {

namespace {

using namespace std::chrono_literals;

constexpr auto clock_interval = 500ms;
constexpr auto to_the_end = std::numeric_limits<std::uint32_t>::max();

std::vector<Bracket> passes_of(const SearchRule& rule)
{
    const auto brackets = hyperband_brackets(rule.max_rounds, rule.eta);
    std::vector<Bracket> all;
    for (std::uint32_t pass = 0; pass < rule.passes; ++pass) all.insert(all.end(), brackets.begin(), brackets.end());
    return all;
}

std::unique_ptr<Search> search_of(const SweepPlan& plan, std::size_t trials)
{
    const auto& rule = plan.search;
    switch (rule.method) {
        case SearchMethod::grid:
        case SearchMethod::random:
            return std::make_unique<AllTrials>(trials, to_the_end);
        case SearchMethod::successive_halving:
            return std::make_unique<Halving>(
                std::vector<Bracket>{halving_bracket(rule.trials, rule.min_rounds, rule.max_rounds, rule.eta)},
                *plan.objective);
        case SearchMethod::hyperband:
            return std::make_unique<Halving>(passes_of(rule), *plan.objective);
        case SearchMethod::asha:
            break;
    }
    return std::make_unique<Asha>(trials, rung_rounds(rule.min_rounds, rule.max_rounds, rule.eta), rule.eta,
                                  *plan.objective);
}

/// The last line of a run's log says why it failed.
std::string last_line(const std::filesystem::path& log)
{
    auto text = files::try_read_file(log).value_or("");
    text.erase(text.find_last_not_of('\n') + 1);
    return text.substr(text.rfind('\n') + 1);
}

}  // namespace

Conductor::Conductor(const SweepPlan& plan, std::vector<SweepTrial> trials, const SweepPlace& place, JobRunner& runner)
    : plan_{plan},
      trials_{std::move(trials)},
      place_{place},
      runner_{runner},
      label_{plan.objective ? plan.objective->training : std::string{}},
      search_{search_of(plan, trials_.size())},
      clock_decides_{plan.search.has_rungs() || plan.budget},
      workers_{plan.search.workers.value_or(plan.budget ? 1 : static_cast<std::uint32_t>(trials_.size()))}
{
    for (std::size_t trial = 0; trial < trials_.size(); ++trial)
        for (std::size_t seed = 0; seed < trials_[trial].runs.size(); ++seed)
            runs_[trials_[trial].runs[seed].run.name] = {trial, seed};
}

void Conductor::run()
{
    while (true) {
        std::vector<Job> jobs;
        while (workers_.has_free() && !budget_spent_ && !runner_.stopped_by()) {
            const auto assignment = search_->next();
            if (!assignment) break;
            begin(*assignment, jobs);
        }
        if (!jobs.empty()) runner_.submit(jobs);
        tell_clock();
        if (const auto end = workers_.next_end()) {
            settle(end->assignment);
            continue;
        }
        if (workers_.all_free() || (runner_.stopped_by() && runner_.outstanding() == 0)) return;
        for (const auto& end : runner_.wait(clock_interval)) take(end);
    }
}

void Conductor::begin(const Assignment& assignment, std::vector<Job>& jobs)
{
    workers_.begin(assignment);
    const auto before = results_.find(assignment.trial);
    auto& pending =
        pending_.emplace_back(Pending{assignment, 0, before == results_.end() ? 0 : before->second.virtual_seconds});
    for (const auto& run : trials_[assignment.trial].runs) {
        if (!run.failure.empty()) {
            report(run.run.name, "failed: " + run.failure);
            continue;
        }
        const auto known = run_course(run.folder, label_, assignment.rounds);
        const bool has_tables = std::filesystem::exists(run.folder / "table.json");
        if (has_tables && (known.ended || (plan_.search.has_rungs() && known.rounds >= assignment.rounds))) {
            if (!plan_.search.has_rungs()) report(run.run.name, "is done already");
            continue;
        }
        jobs.push_back(job_of(run, plan_.spec, place_, order_of(assignment)));
        ++pending.jobs;
    }
}

RunOrder Conductor::order_of(const Assignment& assignment) const
{
    RunOrder order{label_, std::nullopt};
    if (plan_.search.has_rungs()) order.rounds = assignment.rounds;
    return order;
}

void Conductor::take(const JobEnd& end)
{
    const auto trial = runs_.at(end.name).first;
    const auto seed = runs_.at(end.name).second;
    auto& run = trials_[trial].runs[seed];
    const auto pending = std::ranges::find_if(
        pending_, [&](const Pending& one) { return one.assignment.trial == trial && one.jobs > 0; });
    --pending->jobs;
    if (runner_.stopped_by()) return;
    if (!end.good) run.failure = end.how + ", " + last_line(place_.log_of(run.run));
    if (!end.good || !plan_.search.has_rungs()) report(run.run.name, end.good ? "done" : "failed: " + run.failure);
}

void Conductor::tell_clock()
{
    for (auto& pending : pending_) {
        // A stop leaves behind what nobody can tell the end of.
        const bool has_ended = pending.jobs == 0 && !runner_.stopped_by();
        if (pending.told || (!has_ended && !clock_decides_)) continue;
        pending.told = has_ended;
        if (!clock_decides_)
            workers_.ends_now(pending.assignment);
        else if (has_ended)
            workers_.takes(pending.assignment, seconds_of(pending));
        else
            workers_.at_least(pending.assignment, seconds_of(pending));
    }
}

double Conductor::seconds_of(const Pending& pending) const
{
    double seconds = 0;
    for (const auto& run : trials_[pending.assignment.trial].runs)
        seconds += virtual_seconds(run.folder, label_, pending.assignment.rounds);
    return std::max(0.0, seconds - pending.seconds_before);
}

void Conductor::settle(const Assignment& assignment)
{
    std::erase_if(pending_, [&](const Pending& pending) { return pending.assignment == assignment; });
    const auto& trial = trials_[assignment.trial];
    auto& result = results_[assignment.trial];
    const auto stood_at = result.rounds;
    result = {
        .trial = assignment.trial, .values = trial.runs.front().run.values, .ended = true, .failure = trial.failure()};
    std::vector<Course> seeds;
    for (const auto& run : trial.runs) {
        auto known = run_course(run.folder, label_, assignment.rounds);
        const auto rounds = std::min(known.rounds, assignment.rounds);
        result.rounds = std::max(result.rounds, rounds);
        result.trained_rounds += rounds;
        result.ended = result.ended && known.ended && known.rounds <= assignment.rounds;
        result.core_seconds += known.host_core_seconds;
        result.joules += known.lost_joules;
        if (known.course.failed && result.failure.empty())
            result.failure = "diverged after round " + std::to_string(known.rounds);
        known.course.failed = known.course.failed || !run.failure.empty();
        seeds.push_back(std::move(known.course));
    }
    const auto course = mean_course(seeds);
    if (!course.points.empty()) result.best_accuracy = course.best_accuracy();
    result.joules += course.joules;
    result.gco2e = course.gco2e;
    result.virtual_seconds = course.virtual_seconds;
    if (plan_.objective && !course.failed) result.answer = answer_of(*plan_.objective, course);
    search_->ended(assignment, course);
    if (plan_.search.has_rungs() && result.failure.empty() && result.rounds > stood_at)
        report("trial " + std::to_string(assignment.trial),
               "after round " + std::to_string(result.rounds) + ": " +
                   (result.best_accuracy ? text::percent(*result.best_accuracy) + " at best, " : std::string{}) +
                   text::significant(result.gco2e) + " gCO2e");
    if (plan_.budget && spent() >= plan_.budget->most) budget_spent_ = true;
}

double Conductor::cost_of(const TrialResult& result) const
{
    switch (plan_.budget->unit) {
        case SweepBudget::Unit::runs:
            return static_cast<double>(plan_.seeds.size());
        case SweepBudget::Unit::core_seconds:
            return result.core_seconds;
        case SweepBudget::Unit::joules:
            return result.joules;
        case SweepBudget::Unit::gco2e:
            break;
    }
    return result.gco2e;
}

double Conductor::spent() const
{
    double sum = 0;
    for (const auto& [trial, result] : results_) sum += cost_of(result);
    return sum;
}

std::optional<double> Conductor::cheapest() const
{
    std::optional<double> least;
    if (!plan_.budget) return least;
    for (const auto& [trial, result] : results_)
        if (const auto cost = cost_of(result); !least || cost < *least) least = cost;
    return least;
}

SearchResult Conductor::result() const
{
    SearchResult result{.training = label_, .country = {}, .trials = {}, .planned = trials_.size()};
    for (const auto& [trial, one] : results_) result.trials.push_back(one);
    result.budget_spent = budget_spent_ && results_.size() < trials_.size();
    result.stopped = runner_.stopped_by().has_value();
    if (clock_decides_) result.virtual_seconds = workers_.now();
    return result;
}

void Conductor::report(const std::string& name, const std::string& what)
{
    ++reported_;
    const auto of = plan_.search.has_rungs() ? std::string{} : "/" + std::to_string(runs_.size());
    std::cerr << "[" << reported_ << of << "] " << name << " " << what << std::endl;
}

}  // namespace fedgram::experiments
