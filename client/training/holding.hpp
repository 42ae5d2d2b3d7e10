#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace fedgram::client {

/// Decides which updates a client holds back to send their sum, and how long. A sum has the bytes of three updates, so
/// that it sends less from four on. What is held is lost with the client. Knows no clock: the time comes in with each
/// call.
class Holding {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::duration<double>;

    static constexpr std::uint32_t least_updates = 4;
    /// So that a sum's nodes fit into a message.
    static constexpr std::uint32_t most_updates = 4096;
    /// No update is held for longer.
    static constexpr std::chrono::seconds longest{5};
    /// A sum goes so long before its round's end, to be there in time.
    static constexpr std::chrono::milliseconds margin{500};

    /// Whether to begin a sum with an update whose training took so long, where so many nodes of the share are to come.
    [[nodiscard]] static bool pays(std::uint32_t share_left, Duration took, TimePoint now, TimePoint round_ends)
    {
        const auto others = took * (least_updates - 1);
        return share_left + 1 >= least_updates && others <= longest && others < round_ends - now - margin;
    }

    /// An update has gone into the sum.
    void held(TimePoint now, TimePoint round_ends)
    {
        if (updates_++ == 0) until_ = std::min(now + longest, round_ends - margin);
    }
    /// All nodes of the share have been trained.
    void share_ends() { share_has_ended_ = updates_ > 0; }
    /// The sum has gone, or nobody waits for it any more.
    void over() { *this = {}; }

    /// When the sum goes at the latest; nothing where there is none.
    [[nodiscard]] std::optional<TimePoint> until() const { return updates_ > 0 ? std::optional{until_} : std::nullopt; }
    /// Whether the sum goes now, as nothing is to be trained yet.
    [[nodiscard]] bool is_due(TimePoint now) const
    {
        return updates_ > 0 && (share_has_ended_ || updates_ >= most_updates || now >= until_);
    }
    /// Whether it goes now, before a training that takes so long (nothing: unknown).
    [[nodiscard]] bool is_due_before(TimePoint now, std::optional<Duration> next) const
    {
        return is_due(now) || (updates_ > 0 && (!next || now + *next > until_));
    }

private:
    std::uint32_t updates_ = 0;
    TimePoint until_{};
    bool share_has_ended_ = false;
};

}  // namespace fedgram::client
