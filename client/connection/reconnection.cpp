#include "client/connection/reconnection.hpp"

#include <utility>

namespace fedgram::client {

namespace {

using namespace std::chrono_literals;
using Cause = Failure::Cause;

constexpr auto first_connect_pause = 50ms;
constexpr auto first_pause = 200ms;
constexpr auto longest_pause = 5s;

}  // namespace

Reconnection::Reconnection(std::string coordinator, Patience patience)
    : coordinator_{std::move(coordinator)},
      patience_{patience},
      connect_pause_{first_connect_pause, longest_pause},
      join_pause_{first_pause, longest_pause},
      session_pause_{first_pause, longest_pause}
{
}

void Reconnection::begins(TimePoint now)
{
    stage_ = Stage::connecting;
    if (!joining_until_) {
        joining_until_ = now + patience();
        session_began_ = now;
        join_pause_.start_over();
    }
    if (!connecting_until_) {
        connecting_until_ = now + patience();
        connect_pause_.start_over();
    }
}

void Reconnection::joined()
{
    stage_ = Stage::session;
    was_joined_ = true;
}

Reconnection::Next Reconnection::failed(const Failure& failure, TimePoint now)
{
    switch (stage_) {
        case Stage::connecting:
            return unreachable(failure, now);
        case Stage::handshake:
            return not_let_in(failure, now);
        default:
            return lost(failure, now);
    }
}

Reconnection::Next Reconnection::unreachable(const Failure& failure, TimePoint now)
{
    // A host name that was never found is a typing error; one that was found before may come back.
    const bool may_pass = failure.cause == Cause::network || failure.cause == Cause::silence ||
                          (failure.cause == Cause::machine && was_joined_);
    if (!may_pass) return GiveUp{};
    if (now + connect_pause_.next() > *connecting_until_)
        return GiveUp{"no coordinator at " + coordinator_ + ": " + failure.text};
    std::string warning;
    if (!was_joined_ && connect_pause_.is_first())
        warning = "no coordinator at " + coordinator_ + " yet (" + failure.text + "); trying for " +
                  std::to_string(patience_.first.count()) + " s";
    return TryAgain{now + connect_pause_.take(), std::move(warning)};
}

Reconnection::Next Reconnection::not_let_in(const Failure& failure, TimePoint now)
{
    connecting_until_.reset();
    const bool too_late = now + join_pause_.next() > *joining_until_;
    if (failure.cause == Cause::network) {
        if (too_late)
            return GiveUp{"the coordinator at " + coordinator_ + " ended the connection without a word (" +
                          failure.text + "); does it want TLS? Then give --tls DIR"};
        return TryAgain{now + join_pause_.take(), {}};
    }
    // The coordinator may take this client's last connection to be still there, until its silence deadline.
    const bool refused = failure.cause == Cause::coordinator || failure.cause == Cause::silence;
    if (!refused || !was_joined_ || too_late) return GiveUp{};
    return TryAgain{now + join_pause_.take(), failure.text + "; trying again"};
}

Reconnection::Next Reconnection::lost(const Failure& failure, TimePoint now)
{
    connecting_until_.reset();
    joining_until_.reset();
    if (failure.cause != Cause::network && failure.cause != Cause::lost) return GiveUp{};
    const auto text =
        failure.cause == Cause::network ? "the connection to the coordinator ended: " + failure.text : failure.text;
    // Sessions that end as soon as they begin must not follow one another at full speed.
    if (now - session_began_ > longest_pause) session_pause_.start_over();
    return TryAgain{now + session_pause_.take(),
                    text + "; trying again for " + std::to_string(patience_.again.count()) + " s"};
}

}  // namespace fedgram::client
