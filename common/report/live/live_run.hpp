#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/run/event.hpp"
#include "common/run/round_line.hpp"
#include "common/run/run_progress.hpp"
#include "common/run/run_state.hpp"
#include "common/run/summary.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// A training up to the end of one of its rounds. Time, energy and grams are sums over all rounds so far, as
/// rounds.jsonl has them (RoundCosts); nothing from the first round on that doesn't know its own.
struct LivePoint {
    std::uint32_t round = 0;
    std::optional<run::RoundEvaluation> evaluation;  ///< nothing where the round was not evaluated
    double train_loss = 0;
    std::uint32_t participants = 0;
    Seconds virtual_time;
    std::optional<Joules> devices;
    std::optional<Joules> network;
    std::optional<GramsCO2e> emissions;
};

/// An update that could not enter the model.
struct LiveRefusal {
    std::uint32_t round = 0;
    std::string reason;
};

struct LiveTraining {
    std::string label;
    run::TrainingKind kind = run::TrainingKind::centralized;
    std::vector<LivePoint> points{};
    std::vector<LiveRefusal> refusals{};  ///< in rounds that stand
    std::optional<run::Ending> ending{};  ///< nothing until summary.json has one

    /// How many refusals there were, by reason.
    [[nodiscard]] std::map<std::string, std::uint64_t> refused_updates() const;
};

/// What doesn't change while a run goes on.
struct LiveRunFacts {
    std::string name;
    std::string folder;
    std::uint64_t seed = 0;
    std::optional<double> target{};
    std::string country;  ///< of rounds.jsonl's grams, as ISO 3166 alpha-3
    run::EvaluationSet evaluated_on = run::EvaluationSet::test;
};

/// What is known of a run while it goes on: what its folder's files say so far. Knows no file and no clock.
class LiveRun {
public:
    LiveRun(LiveRunFacts facts, std::vector<LiveTraining> trainings);

    /// Throws DataError for a training that the run doesn't have.
    void add(const run::RoundLine& line);
    void add(const run::Event& event);
    /// What was added of rounds is no longer there: a resumed run does them anew.
    void forget_rounds();
    /// How trainings have ended, by label; those that aren't named have not.
    void set_endings(const std::map<std::string, run::Ending>& endings);
    void set_progress(const std::optional<run::RunProgress>& progress);
    void set_state(std::optional<run::RunState> state) { state_ = state; }

    [[nodiscard]] const LiveRunFacts& facts() const { return facts_; }
    [[nodiscard]] const std::vector<LiveTraining>& trainings() const { return trainings_; }
    /// How often rounds were forgotten.
    [[nodiscard]] std::uint32_t edition() const { return edition_; }

    /// Where it stands in the middle of a round, with all rounds that were added; nothing where nobody is at work or it
    /// says nothing of that.
    [[nodiscard]] std::optional<run::RunProgress> progress() const;
    /// "waiting", "running", as run::name says of an ending, or "unfinished" where nobody goes on with it.
    [[nodiscard]] std::string state_of(const LiveTraining& training) const;
    /// Nothing before its coordinator is at work.
    [[nodiscard]] const std::optional<run::RunState>& state() const { return state_; }
    /// "starting" before that.
    [[nodiscard]] std::string state_name() const;
    /// When its first event was; nothing before.
    [[nodiscard]] const std::optional<std::chrono::sys_seconds>& begun() const { return begun_; }
    [[nodiscard]] std::uint64_t lost_clients() const { return lost_clients_; }
    /// The latest ones.
    [[nodiscard]] const std::vector<run::Event>& events() const { return events_; }
    /// All that there were.
    [[nodiscard]] std::uint64_t event_count() const { return event_count_; }

    static constexpr std::size_t kept_events = 50;

private:
    LiveTraining* find(const std::string& label);
    /// The progress was written once a second at most: rounds may have ended since.
    void bring_progress_up_to_date();

    /// A run that is taken up does anew what came after its last checkpoint: so many trainings stand, and so many
    /// rounds of the next one.
    void forget_refusals(std::size_t trainings, std::uint32_t rounds);

    LiveRunFacts facts_;
    std::vector<LiveTraining> trainings_;
    std::uint32_t edition_ = 0;
    std::optional<run::RunProgress> progress_;
    std::optional<run::RunState> state_;
    std::optional<std::chrono::sys_seconds> begun_;
    std::uint64_t lost_clients_ = 0;
    std::vector<run::Event> events_;
    std::uint64_t event_count_ = 0;
};

}  // namespace fedgram::report
