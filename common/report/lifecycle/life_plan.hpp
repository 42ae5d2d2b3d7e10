#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fedgram::report {

/// What a client and a data centre send each other for one prediction.
struct RequestBytes {
    std::uint64_t sent = 0;      ///< by the client
    std::uint64_t answered = 0;  ///< to it
};

/// How long a model is in use, how much, and what of its life counts beside its own training.
struct LifePlan {
    double predictions_per_day = 1;  ///< above 0, evenly over the day
    double days = days_per_year;     ///< in use; above 0
    std::optional<double> retrain_every_days{};
    /// Assumed: of the models that are developed, those that never come into use; from 0, below 1.
    double failed_share = 0;
    std::optional<RequestBytes> request{};  ///< nothing: no network to clients counts

    static constexpr double days_per_year = 365.25;

    [[nodiscard]] double per_second() const { return predictions_per_day / 86400; }
    [[nodiscard]] double predictions() const { return predictions_per_day * days; }
    /// Trainings after the first: one at each whole multiple of the interval before the end.
    [[nodiscard]] std::uint64_t retrainings() const;
    /// Models that never come into use, for each one that does: share / (1 - share).
    [[nodiscard]] double failed_for_each() const { return failed_share / (1 - failed_share); }
};

/// Throws SpecError, of an option of `fedgram lifecycle`, for a number that is none of a plan's, and for less than one
/// prediction in all.
void check(const LifePlan& plan);

/// "1e6/day", also "/hour" and "/s". Throws SpecError for another text, a rate that isn't above 0, or one above 1e15 a
/// day.
[[nodiscard]] double predictions_per_day(const std::string& text);

/// "90d", also of weeks "13w" and of years "1y". Throws SpecError for another text, or a time that isn't above 0.
[[nodiscard]] double days_of(const std::string& text);

}  // namespace fedgram::report
