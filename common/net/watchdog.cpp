#include "common/net/watchdog.hpp"

#include <algorithm>
#include <asio/steady_timer.hpp>
#include <utility>

namespace fedgram::net {

struct Watchdog::State {
    asio::steady_timer timer;
    std::function<void()> bite;
    Clock::time_point deadline = Clock::time_point::max();
    Clock::time_point rings_at = Clock::time_point::max();  // max: the timer isn't set
    bool patient = false;                                   // it has waited longer since this process was held up
    bool bitten = false;
};

Watchdog::Watchdog(const asio::any_io_executor& executor, std::function<void()> bite)
    : state_{std::make_shared<State>(State{asio::steady_timer{executor}, std::move(bite)})}
{
}

Watchdog::~Watchdog() { dismiss(); }

void Watchdog::guard(Clock::time_point deadline)
{
    state_->deadline = deadline;
    state_->patient = false;
    if (deadline < state_->rings_at) set_timer(state_, deadline);
}

void Watchdog::rest() { state_->deadline = Clock::time_point::max(); }

void Watchdog::dismiss()
{
    state_->bite = nullptr;
    state_->timer.cancel();
}

bool Watchdog::has_bitten() const { return state_->bitten; }

void Watchdog::set_timer(const std::shared_ptr<State>& state, Clock::time_point at)
{
    state->rings_at = std::max(at, Clock::now());
    state->timer.expires_at(state->rings_at);
    state->timer.async_wait([state](const asio::error_code& cancelled) {
        if (!cancelled && state->bite) on_ring(state);
    });
}

void Watchdog::on_ring(const std::shared_ptr<State>& state)
{
    const auto now = Clock::now();
    const auto due = std::exchange(state->rings_at, Clock::time_point::max());
    if (state->deadline == Clock::time_point::max()) return;
    if (state->deadline > now) {
        set_timer(state, state->deadline);
    } else if (now - due > held_up && !std::exchange(state->patient, true)) {
        set_timer(state, now + held_up);
    } else {
        state->bitten = true;
        std::exchange(state->bite, nullptr)();
    }
}

}  // namespace fedgram::net
