#pragma once

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>

#include "common/error/error.hpp"

namespace fedgram::net {

using Clock = std::chrono::steady_clock;

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
    asio::steady_timer timer{executor, deadline};
    auto [order, failure, result, timer_error] =
        co_await ax::make_parallel_group(asio::co_spawn(executor, std::move(operation), ax::deferred),
                                         timer.async_wait(ax::deferred))
            .async_wait(ax::wait_for_one{}, asio::use_awaitable);
    if (order.front() == 1)
        throw Timeout{};
    if (failure)
        std::rethrow_exception(failure);
    co_return std::move(result);
}

}  // namespace fedgram::net
