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

struct LiveTraining {
    std::string label;
    run::TrainingKind kind = run::TrainingKind::centralized;
    std::vector<LivePoint> points;
    std::map<std::string, std::uint64_t> refused_updates;  ///< how many, by reason
};

/// What is known of a run while it goes on: what its folder's files say so far. Knows no file and no clock.
class LiveRun {
public:
    /// `country` is that of rounds.jsonl's grams.
    LiveRun(std::string name, std::optional<double> target, std::string country, std::vector<LiveTraining> trainings);

    /// Throws DataError for a training that the run doesn't have.
    void add(const run::RoundLine& line);
    void add(const run::Event& event);
    /// What was added of rounds is no longer there: a resumed run does them anew.
    void forget_rounds();
    void set_progress(const std::optional<run::RunProgress>& progress);
    void set_state(std::optional<run::RunState> state) { state_ = state; }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::optional<double>& target() const { return target_; }
    [[nodiscard]] const std::string& country() const { return country_; }
    [[nodiscard]] const std::vector<LiveTraining>& trainings() const { return trainings_; }
    /// How often rounds were forgotten.
    [[nodiscard]] std::uint32_t edition() const { return edition_; }

    /// Where it stands in the middle of a round, with all rounds that were added; nothing where it says nothing of
    /// that.
    [[nodiscard]] const std::optional<run::RunProgress>& progress() const { return progress_; }
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

    std::string name_;
    std::optional<double> target_;
    std::string country_;
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
