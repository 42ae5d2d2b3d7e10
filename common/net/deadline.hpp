#pragma once

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "common/error/error.hpp"
#include "common/net/moving_deadline.hpp"

namespace fedgram::net {

using Clock = std::chrono::steady_clock;

/// Waits until this time has passed, and a second longer where this process was held up beyond it (MovingDeadline).
/// False when the timer was cancelled.
inline asio::awaitable<bool> ring(asio::steady_timer& timer, Clock::time_point at)
{
    MovingDeadline deadline;
    static_cast<void>(deadline.move(at, Clock::now()));
    for (std::optional<Clock::time_point> next{at}; next; next = deadline.rang(Clock::now()).again) {
        asio::error_code cancelled;
        timer.expires_at(*next);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (cancelled) co_return false;
    }
    co_return true;
}

inline asio::awaitable<bool> alarm(Clock::time_point at)
{
    asio::steady_timer timer{co_await asio::this_coro::executor};
    co_return co_await ring(timer, at);
}

/// The operation's own result or error; or Timeout, once `deadline` has passed. The loser is cancelled and awaited, so
/// nothing outlives this call.
///
/// wait_for_one and not operator||: that one waits for the first *success*, so a connection that is reset at once
/// would be reported as a timeout, and only at the deadline.
template <class T>
asio::awaitable<T> before(Clock::time_point deadline, asio::awaitable<T> operation)
{
    namespace ax = asio::experimental;
    const auto executor = co_await asio::this_coro::executor;
    auto [order, failure, result, alarm_failure, rang] =
        co_await ax::make_parallel_group(asio::co_spawn(executor, std::move(operation), ax::deferred),
                                         asio::co_spawn(executor, alarm(deadline), ax::deferred))
            .async_wait(ax::wait_for_one{}, asio::use_awaitable);
    if (order.front() == 1) throw Timeout{};
    if (failure) std::rethrow_exception(failure);
    co_return std::move(result);
}

}  // namespace fedgram::net
