#pragma once

#include <cstdint>
#include <optional>

#include "common/spec/experiment.hpp"

namespace fedgram::coordinator {

/// Watches the evaluations of one training, centralized or federated alike.
class StopRule {
public:
    StopRule(std::optional<double> target, spec::StopRule rule) : target_{target}, needed_{rule.evaluations_in_a_row} {}

    /// True once the training has reached its target by the rule.
    bool on_evaluation(double accuracy)
    {
        in_a_row_ = target_ && accuracy >= *target_ ? in_a_row_ + 1 : 0;
        reached_ = reached_ || (target_ && in_a_row_ >= needed_);
        return reached_;
    }

    /// What `on_evaluation` would say.
    [[nodiscard]] bool would_reach(double accuracy) const { return StopRule{*this}.on_evaluation(accuracy); }

    /// How many evaluations in a row have been at or above the target by now.
    [[nodiscard]] std::uint32_t in_a_row() const { return in_a_row_; }
    /// Goes on where another has stopped.
    void go_on(std::uint32_t in_a_row, bool reached)
    {
        in_a_row_ = in_a_row;
        reached_ = reached;
    }

    /// Nothing where there is no target.
    [[nodiscard]] std::optional<bool> reached() const { return target_ ? std::optional{reached_} : std::nullopt; }

private:
    std::optional<double> target_;
    std::uint32_t needed_;
    std::uint32_t in_a_row_ = 0;
    bool reached_ = false;
};

}  // namespace fedgram::coordinator
