#include "common/net/watchdog.hpp"

#include <asio/steady_timer.hpp>
#include <utility>

namespace fedgram::net {

struct Watchdog::State {
    asio::steady_timer timer;
    std::function<void()> bite;
    MovingDeadline deadline{};
    bool bitten = false;
};

Watchdog::Watchdog(const asio::any_io_executor& executor, std::function<void()> bite)
    : state_{std::make_shared<State>(State{asio::steady_timer{executor}, std::move(bite)})}
{
}

Watchdog::~Watchdog() { dismiss(); }

void Watchdog::guard(Clock::time_point deadline)
{
    if (const auto at = state_->deadline.move(deadline, Clock::now())) set_timer(state_, *at);
}

void Watchdog::rest() { state_->deadline.rest(); }

Watchdog::Guarded::~Guarded() { state_->deadline.rest(); }

void Watchdog::dismiss()
{
    state_->bite = nullptr;
    state_->timer.cancel();
}

bool Watchdog::has_bitten() const { return state_->bitten; }

void Watchdog::set_timer(const std::shared_ptr<State>& state, Clock::time_point at)
{
    state->timer.expires_at(at);
    state->timer.async_wait([state](const asio::error_code& cancelled) {
        if (!cancelled && state->bite) on_ring(state);
    });
}

void Watchdog::on_ring(const std::shared_ptr<State>& state)
{
    const auto verdict = state->deadline.rang(Clock::now());
    if (verdict.again) set_timer(state, *verdict.again);
    if (verdict.passed) {
        state->bitten = true;
        std::exchange(state->bite, nullptr)();
    }
}

}  // namespace fedgram::net
