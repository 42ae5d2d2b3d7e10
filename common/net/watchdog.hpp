#pragma once

#include <asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "common/net/deadline.hpp"

namespace fedgram::net {

/// A timer for a MovingDeadline: bites when the deadline has passed. Moving the deadline costs next to nothing, so it
/// can be done for each piece that arrives. Used on the thread of its io_context alone.
class Watchdog {
public:
    class Guarded;

    /// `bite` is called at most once, and never after the watchdog's end.
    Watchdog(const asio::any_io_executor& executor, std::function<void()> bite);
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;
    ~Watchdog();

    /// Bites at this time, unless another call comes first.
    void guard(Clock::time_point deadline);
    /// Doesn't bite until the next `guard`. The timer may go on, and keeps the io_context's `run` busy until then.
    void rest();
    /// Never bites again, and stops the timer.
    void dismiss();
    [[nodiscard]] bool has_bitten() const;

private:
    struct State;

    static void set_timer(const std::shared_ptr<State>& state, Clock::time_point at);
    static void on_ring(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;  // shared with the timer's handler, which may run once more after the watchdog's end
};

/// The watchdog rests at the end of this, however that ends: a coroutine that its io_context ends may be there longer
/// than the watchdog.
class Watchdog::Guarded {
public:
    explicit Guarded(const Watchdog& watchdog) : state_{watchdog.state_} {}
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;
    ~Guarded();

private:
    std::shared_ptr<State> state_;
};

}  // namespace fedgram::net
