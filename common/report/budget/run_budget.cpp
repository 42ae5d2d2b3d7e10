#include "common/report/budget/run_budget.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "common/run/ledger.hpp"
#include "common/run/levers_energy.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"

namespace fedgram::report {

namespace {

void add(const run::LedgerLine& line, Spending& sum)
{
    if (line.node) {
        sum.devices += line.joules;
        sum.device_time += line.seconds;
        if (line.phase == energy::Phase::train) {
            sum.samples += line.work.samples;
            sum.flops += line.work.flops;
        }
    } else {
        sum.coordinator += line.joules;
    }
    if (line.wasted) {
        ++sum.wasted_lines;
        sum.wasted += line.joules;
    }
}

}  // namespace

Spending& Spending::operator+=(const Spending& more)
{
    samples += more.samples;
    flops += more.flops;
    device_time += more.device_time;
    devices += more.devices;
    coordinator += more.coordinator;
    levers += more.levers;
    wasted_lines += more.wasted_lines;
    wasted += more.wasted;
    if (more.host_cpu_seconds) host_cpu_seconds = host_cpu_seconds.value_or(0) + *more.host_cpu_seconds;
    return *this;
}

std::string_view name(RunState state)
{
    switch (state) {
        case RunState::whole:
            return "whole";
        case RunState::interrupted:
            return "interrupted";
        case RunState::unfinished:
            break;
    }
    return "unfinished";
}

std::vector<std::uint64_t> seeds(std::span<const RunBudget> runs)
{
    std::vector<std::uint64_t> used;
    for (const auto& run : runs) used.push_back(run.seed);
    std::ranges::sort(used);
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used;
}

RunBudget read_run_budget(const std::filesystem::path& dir)
{
    if (!std::filesystem::exists(dir / "spec.json"))
        throw DataError{dir.string() + " is no run folder: it has no spec.json; name a folder that `fedgram run` made"};
    const auto spec = run::read_spec_file(dir);
    RunBudget budget;
    budget.folder = dir;
    budget.seed = spec.seed;
    budget.setting = spec.setting;

    const auto summary = run::find_summary(dir);
    const bool all_ended = summary && summary->trainings.size() >= spec.trainings.size();
    budget.state = all_ended ? RunState::whole : RunState::unfinished;
    if (summary)
        for (const auto& training : summary->trainings)
            if (training.from_store) budget.from_store.push_back(training.label);
    // A process that is killed may leave half a line behind; one that ended never does.
    run::read_ledger(
        dir / "ledger.jsonl",
        [&](const run::LedgerLine& line) {
            if (line.wasted || std::ranges::count(budget.from_store, line.training) == 0) add(line, budget.spending);
        },
        all_ended ? run::LastLine::is_whole : run::LastLine::may_be_cut_off);
    budget.spending.levers = run::levers_energy(dir, spec);
    if (!summary) return budget;
    budget.spending.host_cpu_seconds = 0;
    for (const auto& training : summary->trainings) {
        *budget.spending.host_cpu_seconds += training.host_cpu_seconds;
        if (training.interrupted())
            budget.state = RunState::interrupted;
        else if (training.missed_target())
            budget.missed.push_back(training.label);
    }
    return budget;
}

}  // namespace fedgram::report
