#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace fedgram::client {

/// Whether updates that are ready wait for the next one, to go out with it: each waking of a thread and of the
/// coordinator costs some ten microseconds on both sides, which is much where a node trains for a tenth of a
/// millisecond. Knows no clock: the time comes in with each call.
class Batching {
public:
    using Duration = std::chrono::duration<double>;

    /// No update waits longer than this, nor for more than so many.
    static constexpr Duration longest_wait = std::chrono::milliseconds{2};
    static constexpr std::size_t most_updates = 16;

    /// A training that has ended tells how long others will take.
    void trained(std::uint64_t samples, Duration time)
    {
        if (samples > 0) time_per_sample_ = time / static_cast<double>(samples);
    }

    /// `ready` updates, the first of which has waited for so long; the next will be trained on so many samples, or
    /// nothing is known of it.
    [[nodiscard]] bool may_wait(std::size_t ready, Duration waited, std::optional<std::uint64_t> next_samples) const
    {
        return ready < most_updates && next_samples && time_per_sample_ &&
               waited + *time_per_sample_ * static_cast<double>(*next_samples) <= longest_wait;
    }

private:
    std::optional<Duration> time_per_sample_;
};

}  // namespace fedgram::client
