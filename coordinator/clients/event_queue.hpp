#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>

#include "common/net/deadline.hpp"
#include "coordinator/clients/client_connections.hpp"

namespace fedgram::coordinator {

/// What has happened at the clients and nobody has taken yet, in the order of arrival. Nobody takes anything while the
/// coordinator evaluates or trains, for hours perhaps, and clients may fill the memory with updates meanwhile. So a
/// client is read no further while
///
///     most_untaken events of its connection wait here, or
///     most_left_behind events of connections that have ended do,
///
/// and what it sends stays in its socket. Used on the thread of its io_context alone.
class EventQueue {
public:
    static constexpr std::size_t most_untaken = 8;
    static constexpr std::size_t most_left_behind = 256;

    explicit EventQueue(asio::io_context& context);

    /// The next event. Waits for it; gives nothing at `until`.
    asio::awaitable<std::optional<ClientEvent>> next(net::Clock::time_point until);
    [[nodiscard]] bool empty() const { return events_.empty(); }

    /// A connection begins, and counts its events from now on.
    void open(ClientId client);
    /// Counts for its client, where it has one.
    void push(ClientEvent event);
    [[nodiscard]] bool has_room(ClientId client) const;
    /// Waits until the client may be read further; false when it is not to be read any more.
    asio::awaitable<bool> room(ClientId client);
    /// The client is not to be read any more.
    void mute(ClientId client);
    /// The connection has ended. Its events stay.
    void close(ClientId client);
    /// Nobody is going to take events any more: who waits for room gets it, or is muted.
    void finish();

private:
    struct Source {
        explicit Source(asio::io_context& context) : changed{context, net::Clock::time_point::max()} {}

        std::size_t untaken = 0;
        bool muted = false;
        asio::steady_timer changed;  // cancelled when there may be room
    };

    void note_taken(const ClientEvent& event);
    void wake_all();

    asio::io_context& context_;
    std::deque<ClientEvent> events_;
    asio::steady_timer arrived_;
    std::map<ClientId, Source> sources_;  // of connections that stand
    std::size_t left_behind_ = 0;         // events of connections that have ended
    bool finishing_ = false;
};

}  // namespace fedgram::coordinator
