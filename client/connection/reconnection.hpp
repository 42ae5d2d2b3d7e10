#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "client/connection/failure.hpp"
#include "common/net/growing_pause.hpp"

namespace fedgram::client {

/// Decides whether a client tries again to serve its coordinator, and when. A try has three stages: connecting, the
/// handshake, and the session, in which the client is hosted. Each has pauses of its own, which grow. Knows no socket,
/// clock or thread: what happens comes in with the time, what to do next goes out.
class Reconnection {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    struct Patience {
        std::chrono::seconds first;  ///< how long to try until the first session begins
        std::chrono::seconds again;  ///< how long to try after a session has ended
    };

    struct TryAgain {
        TimePoint at;
        std::string warning;  ///< for the log; empty for none
    };
    struct GiveUp {
        std::string why;  ///< a SystemError's text; empty: the failure itself is the error
    };
    using Next = std::variant<TryAgain, GiveUp>;

    /// `coordinator` is its HOST:PORT.
    Reconnection(std::string coordinator, Patience patience);

    /// A try begins.
    void begins(TimePoint now);
    /// The connection is there; the handshake begins.
    void connected() { stage_ = Stage::handshake; }
    /// Each side has proved itself; the session begins.
    void joined();
    /// The try has ended by a failure.
    [[nodiscard]] Next failed(const Failure& failure, TimePoint now);

private:
    enum class Stage { connecting, handshake, session };

    [[nodiscard]] Next unreachable(const Failure& failure, TimePoint now);
    [[nodiscard]] Next not_let_in(const Failure& failure, TimePoint now);
    [[nodiscard]] Next lost(const Failure& failure, TimePoint now);
    [[nodiscard]] std::chrono::seconds patience() const { return was_joined_ ? patience_.again : patience_.first; }

    std::string coordinator_;
    Patience patience_;
    bool was_joined_ = false;
    Stage stage_ = Stage::connecting;
    // What a stage tries until, or nothing before its first try. A failure ends the stages before it.
    std::optional<TimePoint> connecting_until_;
    std::optional<TimePoint> joining_until_;
    TimePoint session_began_{};  // with the first try to connect for it
    net::GrowingPause connect_pause_;
    net::GrowingPause join_pause_;
    net::GrowingPause session_pause_;
};

}  // namespace fedgram::client
