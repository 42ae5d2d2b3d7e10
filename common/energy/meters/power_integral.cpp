#include "common/energy/meters/power_integral.hpp"

#include <cmath>

#include "common/energy/meters/elapsed.hpp"

namespace fedgram::energy {

void PowerIntegral::sample(const Attempt<Watts>& power, Instant now)
{
    if (at_ && now <= *at_) return;
    const auto before = at_.value_or(now);
    const bool had_sample = at_.has_value();
    at_ = now;
    // Written so that a NaN is refused too.
    const bool plausible = power && power->count() >= 0 && *power <= most_;
    if (!plausible) {
        gaps_.add(power ? GapKind::implausible : GapKind::unreadable, before, now,
                  name_ + ": " +
                      (power ? "a power below 0 or above " + std::to_string(std::lround(most_.count())) + " W"
                             : power.reason()));
        last_.reset();
        return;
    }
    if (last_) {
        total_ += (*last_ + *power) * 0.5 * elapsed(before, now);
        measured_ = true;
    } else if (had_sample) {
        gaps_.extend(now);
    }
    last_ = *power;
}

std::optional<Joules> PowerIntegral::joules() const
{
    if (!measured_) return std::nullopt;
    return total_;
}

}  // namespace fedgram::energy
