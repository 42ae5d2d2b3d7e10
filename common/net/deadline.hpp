#pragma once

#include <algorithm>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <functional>

#include "common/error/error.hpp"

namespace fedgram::net {

using Clock = std::chrono::steady_clock;

/// A timer that rings later than by this tells that this process itself was held up; its peers then get as long once
/// more.
inline constexpr std::chrono::seconds held_up{1};

/// Waits until the timer rings; false when it was cancelled. When this process itself was held up, what the peers have
/// sent meanwhile is still unread: they get a second for it.
inline asio::awaitable<bool> ring(asio::steady_timer& timer, Clock::time_point at)
{
    const auto due = std::max(at, Clock::now());
    asio::error_code cancelled;
    timer.expires_at(at);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (!cancelled && Clock::now() - due > held_up) {
        timer.expires_after(held_up);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    co_return !cancelled;
}

/// Rings once the deadline, which may move meanwhile, has passed.
inline asio::awaitable<bool> alarm(std::function<Clock::time_point()> deadline)
{
    asio::steady_timer timer{co_await asio::this_coro::executor};
    while (co_await ring(timer, deadline()))
        if (deadline() <= Clock::now()) co_return true;
    co_return false;
}

/// The operation's own result or error; or Timeout, once `deadline` has passed: a point in time, or a function that
/// gives it and may move it meanwhile. The loser is cancelled and awaited, so nothing outlives this call.
///
/// wait_for_one and not operator||: that one waits for the first *success*, so a connection that is reset at once
/// would be reported as a timeout, and only at the deadline.
template <class T>
asio::awaitable<T> before(std::function<Clock::time_point()> deadline, asio::awaitable<T> operation)
{
    namespace ax = asio::experimental;
    const auto executor = co_await asio::this_coro::executor;
    auto [order, failure, result, alarm_failure, rang] =
        co_await ax::make_parallel_group(asio::co_spawn(executor, std::move(operation), ax::deferred),
                                         asio::co_spawn(executor, alarm(std::move(deadline)), ax::deferred))
            .async_wait(ax::wait_for_one{}, asio::use_awaitable);
    if (order.front() == 1) throw Timeout{};
    if (failure) std::rethrow_exception(failure);
    co_return std::move(result);
}

template <class T>
asio::awaitable<T> before(Clock::time_point deadline, asio::awaitable<T> operation)
{
    return before([deadline] { return deadline; }, std::move(operation));
}

}  // namespace fedgram::net
