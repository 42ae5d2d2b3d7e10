#pragma once

#include <chrono>
#include <optional>

#include "common/files/descriptor.hpp"

namespace fedgram::experiments {

/// While it lives, SIGINT, SIGTERM and SIGCHLD interrupt nothing: they wait here until asked for. One at a time, in a
/// program of one thread.
class SignalWatch {
public:
    using Clock = std::chrono::steady_clock;

    SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;
    ~SignalWatch();

    struct Event {
        int signal = 0;         ///< SIGINT, SIGTERM, SIGCHLD; 0 for none
        bool readable = false;  ///< `file` has something to read, or has ended
    };

    /// Waits for a signal, for `file` (-1 for none) to have something to read, or for `deadline` (nothing: for ever).
    [[nodiscard]] Event wait(int file, std::optional<Clock::time_point> deadline);

private:
    files::Descriptor signals_;
};

}  // namespace fedgram::experiments
