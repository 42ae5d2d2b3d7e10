#include "common/energy/meters/counter_total.hpp"

#include "common/energy/meters/elapsed.hpp"

namespace fedgram::energy {

Joules CounterTotal::sample(const Attempt<std::uint64_t>& count, Instant now)
{
    if (at_ && now <= *at_) return {};
    const auto before = at_.value_or(now);
    const bool valid = count && (!rules_.range || *count <= *rules_.range);
    if (!valid) {
        // A counter that was away may have been restarted, so it begins anew when it is back.
        gaps_.add(count ? GapKind::implausible : GapKind::unreadable, before, now,
                  name_ + ": " + (count ? "a count above the counter's range" : count.reason()));
        last_.reset();
        at_ = now;
        return {};
    }
    if (!last_) {
        if (at_) gaps_.extend(now);
        last_ = *count;
        at_ = now;
        moved_at_ = now;
        return {};
    }

    const auto since = elapsed(before, now);
    // Two periods: a counter's clock isn't quite even.
    const Joules possible = rules_.most * (since + Seconds{2 * rules_.update_period.count()});
    const auto counts = step(*count);
    const Joules added = rules_.unit * static_cast<double>(counts.value_or(0));
    const bool moved = *count != *last_;
    last_ = *count;
    at_ = now;
    if (!counts) {
        gaps_.add(GapKind::backwards, before, now, name_ + ": went down, and its range isn't known");
        moved_at_ = now;
        return {};
    }
    if (added > possible) {
        gaps_.add(GapKind::implausible, before, now,
                  name_ + ": rose by more than " + std::to_string(static_cast<long>(rules_.most.count())) + " W can");
        moved_at_ = now;
        return {};
    }
    if (rules_.range && rules_.unit * static_cast<double>(*rules_.range) < rules_.most * since)
        gaps_.add(GapKind::unsure_wraps, before, now, name_ + ": read so seldom that it may have wrapped twice");
    total_ += added;
    watch_movement(moved, now);
    return added;
}

std::optional<std::uint64_t> CounterTotal::step(std::uint64_t count) const
{
    if (count >= *last_) return count - *last_;
    if (!rules_.range) return std::nullopt;
    return *rules_.range - *last_ + count;
}

void CounterTotal::watch_movement(bool moved, Instant now)
{
    if (moved) {
        moved_at_ = now;
        ever_moved_ = true;
    } else if (now - moved_at_ >= rules_.stuck_after) {
        gaps_.add(GapKind::stuck, moved_at_, now, name_ + ": the counter doesn't move");
    }
}

std::optional<Joules> CounterTotal::joules() const
{
    if (!ever_moved_) return std::nullopt;
    return total_;
}

}  // namespace fedgram::energy
