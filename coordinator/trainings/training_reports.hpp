#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/units/quantity.hpp"
#include "coordinator/rounds/round.hpp"
#include "coordinator/trainings/training_recorder.hpp"

namespace fedgram::coordinator {

/// What a federated training says of its course: lines of progress and warnings for people, and lines of events.jsonl
/// with the same in keys. Changes nothing of the training.
class TrainingReports {
public:
    /// What both refer to must outlive it.
    TrainingReports(const RunContext& context, const spec::Training& training)
        : context_{context}, label_{training.label}
    {
    }

    // Of the training, and of a round as a whole.
    void holds_updates(std::uint32_t cohort, std::size_t parameters) const;
    void begins_later(std::uint32_t round, Seconds waited) const;
    void not_unmasked(std::uint32_t round, std::size_t updates) const;
    void diverged(std::uint32_t round, std::uint32_t refused, std::size_t updates) const;
    /// `virtual_time` so far; `reason` is a clause.
    void no_further_round(std::uint32_t round, Seconds virtual_time, const std::string& reason) const;
    void refused(std::uint32_t round, const RefuseUpdate& refused) const;
    void state_lost(std::uint32_t round, std::uint32_t node) const;

    // What a round wants to be said, and nothing else done.
    void say(const Round& round, const ReportClientReady& ready) const;
    void say(const Round& round, const ReportClientLost& lost) const;
    void say(const Round& round, const ReportTrainingFailed& failed) const;
    void say(const Round& round, const ReportWaiting& waiting) const;
    void say(const Round& round, const ReportExpiry& expiry) const;

private:
    /// With the tensor that is wrong, and where it comes from that way.
    [[nodiscard]] std::string words_of(const learning::Refusal& refusal) const;

    RunContext context_;
    const std::string& label_;
};

}  // namespace fedgram::coordinator
