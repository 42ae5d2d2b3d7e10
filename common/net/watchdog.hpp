#pragma once

#include <asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "common/net/deadline.hpp"

namespace fedgram::net {

/// Bites once a deadline has passed that may move meanwhile; to move it costs next to nothing, so that it can be done
/// for each piece that arrives. When it finds that this process itself was held up beyond the deadline, it waits a
/// second longer: what the peers have sent meanwhile is still unread. Used on the thread of its io_context alone.
class Watchdog {
public:
    /// `bite` is called at most once, and never after the watchdog's end.
    Watchdog(const asio::any_io_executor& executor, std::function<void()> bite);
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;
    ~Watchdog();

    /// Bites at this time, unless it is told otherwise before.
    void guard(Clock::time_point deadline);
    /// Doesn't bite until it is to guard again. Its timer may go on, so that `run` has something left to do.
    void rest();
    /// Never bites again, and leaves nothing to do.
    void dismiss();
    [[nodiscard]] bool has_bitten() const;

private:
    struct State;
    static void set_timer(const std::shared_ptr<State>& state, Clock::time_point at);
    static void on_ring(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;  // shared with the timer's handler, which may run once more after the watchdog's end
};

}  // namespace fedgram::net
