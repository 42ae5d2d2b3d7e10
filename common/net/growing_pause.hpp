#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace fedgram::net {

/// The pause between two tries: twice as long each time, up to a longest one.
class GrowingPause {
public:
    using Duration = std::chrono::steady_clock::duration;

    constexpr GrowingPause(Duration first, Duration longest) : first_{first}, longest_{longest}, next_{first} {}

    /// The pause to make now.
    [[nodiscard]] constexpr Duration next() const { return next_; }
    [[nodiscard]] constexpr bool is_first() const { return next_ == first_; }

    /// Gives the pause to make now; the one after it is longer.
    constexpr Duration take() { return std::exchange(next_, std::min(next_ * 2, longest_)); }

    constexpr void start_over() { next_ = first_; }

private:
    Duration first_;
    Duration longest_;
    Duration next_;
};

}  // namespace fedgram::net
