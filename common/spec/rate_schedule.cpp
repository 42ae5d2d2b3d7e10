#include "common/spec/rate_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fedgram::spec {

double schedule_factor(const RateSchedule& schedule, std::uint32_t round, std::uint32_t max_rounds)
{
    if (round <= schedule.warmup_rounds) return static_cast<double>(round) / schedule.warmup_rounds;
    const std::uint32_t since = round - schedule.warmup_rounds - 1;
    const auto done = [&] {
        const std::uint32_t last = schedule.rounds.value_or(max_rounds);
        const std::uint32_t all = last - std::min(schedule.warmup_rounds, last);
        return since >= all ? 1 : static_cast<double>(since) / all;
    };
    switch (schedule.kind) {
        case RateScheduleKind::constant:
            break;
        case RateScheduleKind::step:
            return std::pow(schedule.factor, since / schedule.every);
        case RateScheduleKind::cosine:
            return schedule.final + (1 - schedule.final) * (1 + std::cos(std::numbers::pi * done())) / 2;
        case RateScheduleKind::linear:
            return 1 - (1 - schedule.final) * done();
    }
    return 1;
}

}  // namespace fedgram::spec
