#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/run/evaluation_set.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

/// How the global model did on the whole test set, or on the validation split.
struct RoundEvaluation {
    double test_accuracy = 0;
    double test_loss = 0;  ///< NaN of a model that has diverged
    EvaluationSet on = EvaluationSet::test;

    friend bool operator==(const RoundEvaluation&, const RoundEvaluation&) = default;
};

/// What a round adds to the table's grams: on the specification's first device of the training's kind, at its first PUE
/// where that is a data centre's, in its first country or the nodes' own places.
struct RoundCosts {
    Joules devices;  ///< with PUE, and with waiting where it is counted
    Joules network;
    std::optional<GramsCO2e> emissions;  ///< of both; nothing where a grid by the hour ends before the round does
    std::string country;

    friend bool operator==(const RoundCosts&, const RoundCosts&) = default;
};

/// One line of rounds.jsonl: what became of one round, or of one interval of a centralized training.
struct RoundLine {
    std::string training;  ///< label
    std::uint32_t round = 0;
    std::optional<RoundEvaluation> evaluation;  ///< nothing where the round was not evaluated
    double train_loss = 0;                      ///< NaN of a training that has diverged
    std::uint32_t participants = 0;             ///< whose updates are in the model
    Seconds virtual_seconds;
    std::optional<RoundCosts> costs{};  ///< nothing in version 1, which didn't keep them
    /// Of the virtual ones, before the round began: for nodes to be there. Nothing where the fleet decides nothing.
    std::optional<Seconds> waited_seconds{};
    std::uint32_t lost_updates = 0;   ///< of nodes that were too late, or went away, by virtual time
    std::optional<double> epsilon{};  ///< that the rounds so far have spent; nothing without privacy

    friend bool operator==(const RoundLine&, const RoundLine&) = default;
};

/// When a round took place, where the fleet decided on it.
[[nodiscard]] std::optional<energy::RoundTimes> times_of(const RoundLine& line);

/// Without a line break.
[[nodiscard]] std::string to_json_line(const RoundLine& line);

/// The lines of rounds.jsonl; `where` names it in errors. Throws DataError with line number and key. What no newline
/// ends, as a process leaves it that is killed, is dropped.
[[nodiscard]] std::vector<RoundLine> parse_rounds(std::string_view text, const std::string& where);

}  // namespace fedgram::run
