#include "common/run/run_record.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/ledger_work.hpp"
#include "common/run/older_folder.hpp"
#include "common/run/reduction_file.hpp"
#include "common/run/round_line.hpp"
#include "common/run/set_up_notes.hpp"
#include "common/run/spec_file.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::run {

namespace {

void take_origin(const Imported& imported, RunRecord& run)
{
    run.imported = true;
    run.lacks = imported.lacks;
    run.notes.push_back("The work was recorded elsewhere and imported from " + imported.file +
                        ": nothing of it was trained or counted here, and evaluation and aggregation are not in it.");
    if (!imported.lacks.empty())
        run.notes.push_back("The file has no " + text::joined(imported.lacks, " and no ") +
                            ": where that sets the pace, seconds and joules are too low.");
}

void take_spec(const SpecFile& spec, RunRecord& run)
{
    run.name = spec.name;
    run.seed = spec.seed;
    run.model = spec.model;
    run.dataset = spec.dataset;
    run.train_samples = spec.train_samples;
    run.target = spec.target_accuracy;
    run.evaluated_on = spec.evaluated_on;
    run.title_note = spec.title_note;
    run.evaluations_in_a_row = spec.evaluations_in_a_row;
    if (spec.imported) take_origin(*spec.imported, run);
    // A folder from before an assumption was added takes its default.
    std::vector<std::string> renewed;
    run.accounting = carbon::parse_accounting(with_renewed_devices(*spec.accounting, renewed), carbon::no_names());
    if (!renewed.empty())
        run.notes.push_back(
            "The run's own profiles of " + text::joined(renewed) +
            " are of an older form, without what small kernels draw and launches take; today's profiles "
            "of record stand in their place.");
}

TrainingRecord record_of(TrainingSummary&& training)
{
    TrainingRecord record;
    auto& outcome = record.outcome;
    outcome.label = std::move(training.label);
    outcome.kind = training.kind;
    outcome.reached_target = training.reached_target;
    outcome.test_accuracy = training.test_accuracy;
    outcome.best_test_accuracy = training.best_test_accuracy;
    outcome.rounds = training.rounds;
    outcome.diverged = training.diverged();
    outcome.interrupted = training.interrupted();
    outcome.node_test = std::move(training.node_test);
    outcome.frozen = std::move(training.frozen);
    if (outcome.interrupted && outcome.rounds == 0)
        outcome.test_accuracy = outcome.best_test_accuracy = std::numeric_limits<double>::quiet_NaN();
    record.refused_updates = std::move(training.refused_updates);
    record.incomplete_rounds = training.incomplete_rounds;
    record.missing_updates = training.missing_updates;
    record.privacy = std::move(training.privacy);
    record.restarted_nodes = std::move(training.restarted_nodes);
    record.host_cpu_seconds = training.host_cpu_seconds;
    record.host_wall_seconds = training.host_wall_seconds;
    record.host_meters = std::move(training.host_meters);
    record.host_node_estimate = std::move(training.host_node_estimate);
    record.measured = std::move(training.measured);
    record.methods = std::move(training.methods);
    record.model_parameters = training.model_parameters;
    record.buffered_updates = training.buffered_updates;
    return record;
}

void take_summary(RunSummary&& summary, RunRecord& run)
{
    run.raw_data_bytes = summary.raw_data_bytes;
    run.host_cpu_model = std::move(summary.host_cpu_model);
    for (auto& training : summary.trainings) run.trainings.push_back(record_of(std::move(training)));
}

void note_kernels(Kernels kernels, RunRecord& run)
{
    if (kernels == Kernels::of_the_layers)
        run.notes.emplace_back(
            "The ledger is from before kernels were counted; they follow from its steps and its model's layers.");
    if (kernels == Kernels::unknown)
        run.notes.emplace_back(
            "The ledger is from before kernels were counted, and a TorchScript model isn't opened for a table: the "
            "time to launch them is missing.");
}

/// From the digest, or from all of the ledger.
LedgerWork ledger_work(const std::filesystem::path& folder, NodeNumbers nodes, DigestUse use, LastLine last,
                       RunRecord& run)
{
    if (use == DigestUse::where_it_fits)
        if (auto digest = find_digest(folder, nodes)) return *std::move(digest);
    auto whole = read_ledger_work(folder, last);
    if (use == DigestUse::checked) check_digest(folder, whole.work);
    note_kernels(whole.kernels, run);
    return std::move(whole.work);
}

void take_ledger(LedgerWork&& ledger, const std::filesystem::path& path, const std::vector<PlannedTraining>& planned,
                 RunRecord& run)
{
    run.wasted_lines = ledger.wasted_lines;
    run.wasted = ledger.wasted;
    for (auto& [label, work] : ledger.trainings) {
        const auto is_it = [&, &label = label](const auto& record) { return record.outcome.label == label; };
        const auto record = std::ranges::find_if(run.trainings, is_it);
        if (record != run.trainings.end())
            record->work = std::move(work);
        else if (std::ranges::find(planned, label, &PlannedTraining::label) != planned.end())
            run.cut_off.push_back(label);
        else
            throw DataError{path.string() + ": training \"" + label + "\" is neither in summary.json nor in spec.json"};
    }
}

/// A ledger that was lost, or cut off at the end of a line, reads well and would make a smaller table.
void check_ledger_is_whole(const std::filesystem::path& ledger, const RunRecord& run)
{
    for (const auto& training : run.trainings) {
        const auto last = training.work.last_round();
        if (last < training.outcome.rounds)
            throw DataError{ledger.string() + ": \"" + training.outcome.label + "\" ends after round " +
                            std::to_string(last) + ", and has " + std::to_string(training.outcome.rounds) +
                            " in summary.json; the ledger is cut off"};
    }
}

void take_plan(const SpecFile& spec, const std::filesystem::path& dir, RunRecord& run)
{
    for (auto& training : run.trainings)
        for (const auto& planned : spec.trainings) {
            if (planned.label != training.outcome.label) continue;
            training.outcome.is_in_bf16 = planned.is_in_bf16;
            training.set_up = planned.set_up;
            training.beside_methods = planned.beside_methods;
            training.is_plain_fedavg = planned.is_plain_fedavg;
            training.local_training = planned.local_training;
            training.nodes = planned.nodes;
            const auto path = (dir / "spec.json").string() + ": trainings." + planned.label + ".fleet";
            if (planned.fleet)
                training.fleet = of_file(
                    [&] { return fleet::parse_resolved_fleet(*planned.fleet, path, spec.seed, planned.nodes); });
            else if (planned.is_scheduled)
                training.fleet = fleet::one_kind(run.accounting);
        }
}

bool is_scheduled(const SpecFile& spec, const TrainingRecord& training)
{
    const auto planned = std::ranges::find(spec.trainings, training.outcome.label, &PlannedTraining::label);
    return training.fleet &&
           (training.fleet->has_hours() || (planned != spec.trainings.end() && planned->is_scheduled));
}

bool is_buffered(const SpecFile& spec, const std::string& label)
{
    const auto planned = std::ranges::find(spec.trainings, label, &PlannedTraining::label);
    return planned != spec.trainings.end() && planned->is_buffered;
}

/// When the rounds of scheduled trainings took place, one for each that did work.
void take_times(const SpecFile& spec, const std::filesystem::path& dir, RunRecord& run)
{
    const auto scheduled = [&](const auto& training) { return is_scheduled(spec, training); };
    if (std::ranges::none_of(run.trainings, scheduled)) return;
    const auto path = dir / "rounds.jsonl";
    const auto lines = parse_rounds(files::read_file(path), path.string());
    for (auto& training : run.trainings) {
        if (!is_scheduled(spec, training)) continue;
        for (const auto& line : lines)
            if (auto times = times_of(line); times && line.training == training.outcome.label) {
                times->nodes_wait = !is_buffered(spec, training.outcome.label);
                training.times.push_back(*times);
                training.lost_updates.push_back(line.lost_updates);
            }
        const auto rounds = training.work.numbers().size();
        if (training.times.size() < rounds)
            throw DataError{path.string() + ": \"" + training.outcome.label + "\" has " +
                            std::to_string(training.times.size()) + " rounds there and " + std::to_string(rounds) +
                            " in its ledger; the file is cut off"};
    }
}

void note_what_never_began(const std::vector<PlannedTraining>& planned, RunRecord& run)
{
    std::vector<std::string> labels;
    for (const auto& training : planned) {
        const auto is_it = [&](const auto& record) { return record.outcome.label == training.label; };
        if (std::ranges::none_of(run.trainings, is_it) && std::ranges::count(run.cut_off, training.label) == 0)
            labels.push_back(training.label);
    }
    if (!labels.empty())
        run.notes.push_back("Not begun, in no column: " + text::joined(labels) +
                            " (fedgram run --resume goes on with the run).");
}

void note_what_was_in_bf16(const std::vector<PlannedTraining>& planned, RunRecord& run)
{
    for (const auto& training : planned)
        if (training.is_in_bf16) run.notes.push_back(precision_note(training.label) + ".");
}

void note_what_they_began_with(const SpecFile& spec, RunRecord& run)
{
    if (spec.start.empty()) return;
    run.notes.push_back(start_note(spec.start) + ".");
    for (auto& training : run.trainings) {
        training.outcome.start = spec.start;
        if (const auto& frozen = training.outcome.frozen)
            run.notes.push_back(training.outcome.label + ": " + text(*frozen));
    }
}

void note_what_the_test_set_says(const RunSummary& summary, RunRecord& run)
{
    for (const auto& training : summary.trainings)
        if (training.final_test)
            run.notes.push_back(training.label + ": " + text::percent(training.final_test->accuracy) +
                                " on the test set, which was looked at this once.");
}

void note_what_ended_early(const RunSummary& summary, RunRecord& run)
{
    for (const auto& training : summary.trainings)
        if (!training.ended_early.empty())
            run.notes.push_back(training.label + " ended after " + std::to_string(training.rounds) +
                                " rounds, before its limit: " + training.ended_early + ".");
}

void note_what_is_from_the_store(const RunSummary& summary, RunRecord& run)
{
    for (const auto& training : summary.trainings)
        if (training.from_store)
            run.notes.push_back(training.label + " comes from a store of trainings: an earlier run spent " +
                                text::significant(training.from_store->host_cpu_seconds) + " CPU s on it.");
}

}  // namespace

std::uint32_t TrainingRecord::nodes_never_asked() const
{
    std::vector<bool> asked(nodes);
    std::uint32_t count = 0;
    for (const auto& cohort : work.cohorts) {
        energy::NodeRanges::Reader ranges{cohort};
        while (const auto range = ranges.next())
            for (auto node = range->first; node < range->first + range->count && node < nodes; ++node)
                if (!asked[node]) {
                    asked[node] = true;
                    ++count;
                }
    }
    return nodes - count;
}

std::string RunRecord::stop_rule() const
{
    if (!target) return "no target: each training runs to its limit";
    const auto at_or_above = " at or above " + text::percent(*target);
    return evaluations_in_a_row == 1
               ? "the first evaluation" + at_or_above + " ends a training"
               : std::to_string(evaluations_in_a_row) + " evaluations in a row" + at_or_above + " end a training";
}

RunRecord read_run(const std::filesystem::path& dir, NodeNumbers nodes, DigestUse use)
{
    RunRecord run;
    const auto spec = read_spec_file(dir);
    of_file([&] { with_context((dir / "spec.json").string(), [&] { take_spec(spec, run); }); });
    auto summary = read_summary(dir);
    run.whole = summary.whole(spec.trainings.size());
    note_what_was_in_bf16(spec.trainings, run);
    note_what_the_test_set_says(summary, run);
    note_what_is_from_the_store(summary, run);
    note_what_ended_early(summary, run);
    take_summary(std::move(summary), run);
    take_plan(spec, dir, run);
    const bool has_fleet =
        std::ranges::any_of(run.trainings, [](const auto& training) { return training.fleet.has_value(); });
    if (has_fleet || !run.accounting.node_places.empty()) nodes = NodeNumbers::asked_for;
    const bool all_ended = run.trainings.size() == spec.trainings.size();
    const auto last = all_ended ? LastLine::is_whole : LastLine::may_be_cut_off;
    take_ledger(ledger_work(dir, nodes, use, last, run), dir / "ledger.jsonl", spec.trainings, run);
    check_ledger_is_whole(dir / "ledger.jsonl", run);
    take_times(spec, dir, run);
    run.reductions = read_reductions(dir);
    for (const auto& reduction : run.reductions)
        if (std::ranges::find(spec.trainings, reduction.training, &PlannedTraining::label) == spec.trainings.end())
            throw DataError{reduction_file(dir, reduction.label).string() + ": training: \"" + reduction.training +
                            "\" is none of the run's"};
    // Those that the specification doesn't have come last.
    std::ranges::stable_sort(run.reductions, {}, [&](const auto& reduction) {
        return std::ranges::find(spec.reductions, reduction.label) - spec.reductions.begin();
    });
    note_what_they_began_with(spec, run);
    note_what_never_began(spec.trainings, run);
    return run;
}

}  // namespace fedgram::run
