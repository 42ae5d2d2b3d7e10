#pragma once

#include <asio/awaitable.hpp>
#include <exception>
#include <utility>

namespace fedgram::client {

/// The exception by which this ends; null for none.
inline asio::awaitable<std::exception_ptr> outcome(asio::awaitable<void> operation)
{
    try {
        co_await std::move(operation);
        co_return nullptr;
    } catch (...) {
        co_return std::current_exception();
    }
}

}  // namespace fedgram::client
