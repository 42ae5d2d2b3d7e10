#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace fedgram::net {

/// A timer that rings this much too late says that this process itself was held up. What its peers sent meanwhile is
/// still unread, so they get this long once more.
inline constexpr std::chrono::seconds held_up{1};

/// A deadline that moves often, and a timer that is set anew as seldom as possible. Knows no timer and no clock: it
/// says when the timer has to ring, and is told when it rang.
class MovingDeadline {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// What a ring means: the deadline has passed, or the timer is to ring again, or there is no deadline now.
    struct Verdict {
        bool passed = false;
        std::optional<TimePoint> again{};
    };

    /// From now on this is the deadline. Gives the time for which to set the timer; nothing where the timer rings
    /// early enough already.
    [[nodiscard]] std::optional<TimePoint> move(TimePoint deadline, TimePoint now)
    {
        deadline_ = deadline;
        has_waited_longer_ = false;
        if (deadline >= rings_at_) return std::nullopt;
        return set(std::max(deadline, now));
    }

    /// No deadline until the next `move`. The timer may go on.
    void rest() { deadline_ = never; }

    /// The timer has rung.
    [[nodiscard]] Verdict rang(TimePoint now)
    {
        const auto due = std::exchange(rings_at_, never);
        if (deadline_ == never) return {};
        if (deadline_ > now) return {.again = set(deadline_)};
        if (now - due > held_up && !std::exchange(has_waited_longer_, true)) return {.again = set(now + held_up)};
        return {.passed = true};
    }

private:
    static constexpr TimePoint never = TimePoint::max();

    TimePoint set(TimePoint at) { return rings_at_ = at; }

    TimePoint deadline_ = never;
    TimePoint rings_at_ = never;  // never: the timer isn't set
    bool has_waited_longer_ = false;
};

}  // namespace fedgram::net
