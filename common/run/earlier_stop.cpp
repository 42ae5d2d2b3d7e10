#include "common/run/earlier_stop.hpp"

#include <algorithm>
#include <string>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::run {

namespace {

void check(const RunRecord& run, double target)
{
    if (!(target > 0 && target < 1))
        throw SpecError{"--target: " + text::shortest(target) + " is not valid; use a number between 0 and 1"};
    if (run.target && target > *run.target)
        throw SpecError{"--target: " + text::shortest(target) + " is above " + text::shortest(*run.target) +
                        ", at which this run's trainings stopped; use that or less, or train anew"};
}

/// Lines that were lost would move the stop, or hide it.
void check_rounds(const TrainingOutcome& outcome, std::span<const RoundLine> rounds)
{
    std::uint32_t expected = 1;
    for (const auto& line : rounds) {
        if (line.training != outcome.label) continue;
        if (line.round != expected)
            throw DataError{"rounds.jsonl: round " + std::to_string(line.round) + " of \"" + outcome.label +
                            "\" stands where round " + std::to_string(expected) + " belongs; the file is damaged"};
        ++expected;
    }
    if (expected - 1 < outcome.rounds)
        throw DataError{"rounds.jsonl: \"" + outcome.label + "\" ends after round " + std::to_string(expected - 1) +
                        ", and has " + std::to_string(outcome.rounds) + " in summary.json; the file is cut off"};
}

/// To where it stops; the outcome so far where it doesn't.
void stop(TrainingRecord& training, std::span<const RoundLine> rounds, double target, std::uint32_t in_a_row)
{
    auto& outcome = training.outcome;
    std::uint32_t above = 0;
    double best = 0;
    for (const auto& line : rounds) {
        if (line.training != outcome.label || !line.evaluation) continue;
        const auto accuracy = line.evaluation->test_accuracy;
        best = std::max(best, accuracy);
        above = accuracy >= target ? above + 1 : 0;
        if (above < in_a_row) continue;
        outcome.reached_target = true;
        outcome.diverged = false;
        outcome.test_accuracy = accuracy;
        outcome.best_test_accuracy = best;
        outcome.rounds = line.round;
        training.work.cut_off_behind(line.round);
        return;
    }
    outcome.reached_target = false;
}

}  // namespace

void stop_at(RunRecord& run, std::span<const RoundLine> rounds, double target)
{
    check(run, target);
    const auto own = run.target ? "its own target is " + text::percent(*run.target) : std::string{"it has no target"};
    run.notes.push_back("As if each training had stopped at " + text::percent(target) +
                        ", by rounds.jsonl and the ledger; " + own +
                        ". What is lost to faults, and this machine's figures, are of the whole run.");
    if (std::ranges::none_of(rounds, [](const auto& line) { return line.evaluation.has_value(); }))
        throw SpecError{
            "--target: rounds.jsonl has no test accuracy, so nobody knows when a training would have stopped"};
    for (const auto& training : run.trainings) check_rounds(training.outcome, rounds);
    for (auto& training : run.trainings) {
        stop(training, rounds, target, run.evaluations_in_a_row);
        training.measured.clear();  // of all of the training, as the nodes' own tests are of its end
        training.outcome.node_test.reset();
    }
    run.target = target;
}

}  // namespace fedgram::run
