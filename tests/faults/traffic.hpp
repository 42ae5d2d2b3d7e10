#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::test {

enum class Way { in, out };

/// The bytes that a device of a process's network has passed since it was made, packet headers included; nothing once
/// the process is gone.
[[nodiscard]] std::optional<std::uint64_t> bytes_passed(pid_t process, const std::string& device, Way way);

/// What a device passes one way, as it passes it.
class Traffic {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Span {
        Time begin;
        Time end;
    };

    Traffic(pid_t process, std::string device, Way way) : process_{process}, device_{std::move(device)}, way_{way} {}

    /// Looks at the device. To be called often: what lies between two calls is not resolved.
    void look();
    /// The shortest span in which so many bytes passed: a bulk of that size, when the rest is little and scattered.
    /// Nothing when less has passed.
    [[nodiscard]] std::optional<Span> bulk(std::uint64_t bytes) const;

private:
    struct Sample {
        Time when;
        std::uint64_t bytes;
    };

    pid_t process_;
    std::string device_;
    Way way_;
    std::vector<Sample> samples_;
};

}  // namespace fedgram::test
