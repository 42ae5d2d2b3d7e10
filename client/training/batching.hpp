#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace fedgram::client {

/// Decides whether updates that are ready wait for the next one, to go out with it. Waking the other thread and the
/// coordinator costs some ten microseconds on both sides, which is much where a node trains for a tenth of a
/// millisecond. Knows no clock: the time comes in with each call.
class Batching {
public:
    using Duration = std::chrono::duration<double>;

    /// No update waits longer than this, and no more than so many go out together.
    static constexpr Duration longest_wait = std::chrono::milliseconds{2};
    static constexpr std::size_t most_updates = 16;

    /// A training has ended: others of its kind will take as long for each sample.
    void trained(std::uint64_t samples, Duration time)
    {
        if (samples > 0) time_per_sample_ = time / static_cast<double>(samples);
    }

    /// How long a training that sees so many samples will take; nothing before the first has ended.
    [[nodiscard]] std::optional<Duration> expected(std::uint64_t samples) const
    {
        if (!time_per_sample_) return std::nullopt;
        return *time_per_sample_ * static_cast<double>(samples);
    }

    /// Whether `ready` updates may wait, the first of which has waited for `waited`, while the next node is trained on
    /// `next_samples` (nothing: unknown, or there is no next).
    [[nodiscard]] bool may_wait(std::size_t ready, Duration waited, std::optional<std::uint64_t> next_samples) const
    {
        return ready < most_updates && next_samples && time_per_sample_ &&
               waited + *time_per_sample_ * static_cast<double>(*next_samples) <= longest_wait;
    }

private:
    std::optional<Duration> time_per_sample_;
};

}  // namespace fedgram::client
