#include "common/report/budget/run_budget.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

void add_row(text::TextTable& grid, const std::string& run, const std::string& seed, const std::string& state,
             const Spending& spent)
{
    grid.add({run, seed, state, std::to_string(spent.samples),
              text::significant(static_cast<double>(spent.flops) / 1e12),
              text::significant(spent.device_time.count() / 3600), text::significant(spent.joules().count() / 1000),
              text::significant(kilowatt_hours(spent.joules())),
              spent.host_cpu_seconds ? text::significant(*spent.host_cpu_seconds) : "-"});
}

std::string missed_text(std::span<const RunBudget> runs)
{
    std::string text;
    for (const auto& run : runs)
        for (const auto& label : run.missed) text += (text.empty() ? "" : ", ") + label + " in " + run.folder.string();
    return text.empty() ? "" : "Target missed, or diverged, the cost included: " + text + ".";
}

std::string stored_text(std::span<const RunBudget> runs)
{
    std::string text;
    for (const auto& run : runs)
        for (const auto& label : run.from_store)
            text += (text.empty() ? "" : ", ") + label + " in " + run.folder.string();
    return text.empty() ? "" : "From a store of trainings, spent by earlier runs and not counted here: " + text + ".";
}

std::string levers_text(const Spending& sum)
{
    if (sum.levers == Joules{}) return "";
    return "Levers that made models smaller: " + text::significant(sum.levers.count() / 1000) +
           " kJ, in kJ and kWh; samples, TFLOP and device h are those of trainings alone.";
}

std::string unfinished_text(std::span<const RunBudget> runs)
{
    std::string text;
    for (const auto& run : runs)
        if (run.state == RunState::unfinished) text += (text.empty() ? "" : ", ") + run.folder.string();
    return text.empty() ? ""
                        : "Unfinished, without a whole summary.json, counted by the ledger: " + text +
                              "; of these host CPU s are unknown or not all.";
}

}  // namespace

std::vector<std::string> budget_notes(std::span<const RunBudget> runs)
{
    Spending sum;
    for (const auto& run : runs) sum += run.spending;
    std::string used;
    for (const auto seed : seeds(runs)) used += (used.empty() ? "" : ", ") + std::to_string(seed);
    std::vector<std::string> notes{
        "Seeds used: " + used + ". Joules of devices (" + text::significant(sum.devices.count() / 1000) +
        " kJ) and coordinators (" + text::significant(sum.coordinator.count() / 1000) +
        " kJ) as the ledgers have them: modelled, before PUE and network. In them, lost to "
        "faults: " +
        text::significant(sum.wasted.count() / 1000) + " kJ in " + std::to_string(sum.wasted_lines) + " ledger lines."};
    for (auto& note : {levers_text(sum), unfinished_text(runs), missed_text(runs), stored_text(runs)})
        if (!note.empty()) notes.push_back(note);
    return notes;
}

std::string budget_text(std::span<const RunBudget> runs)
{
    text::TextTable grid;
    grid.add({"Budget over all runs", "seed", "state", "samples", "TFLOP", "device h", "kJ", "kWh", "host CPU s"});
    Spending sum;
    for (const auto& run : runs) {
        add_row(grid, run.folder.string(), std::to_string(run.seed), std::string{name(run.state)}, run.spending);
        sum += run.spending;
    }
    add_row(grid, "sum", "", "", sum);
    auto text = grid.text();
    for (const auto& note : budget_notes(runs)) text += note + "\n";
    return text;
}

}  // namespace fedgram::report
