#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fedgram::experiments {

/// How a run is followed, for whom.
struct WatchTargets {
    bool page = false;
    std::optional<std::string> metrics{};  ///< HOST:PORT of this machine
    bool tensorboard = false;

    [[nodiscard]] bool any() const { return page || metrics || tensorboard; }
};

/// Throws SpecError for an address of metrics that isn't this machine's loopback, SystemError for one that can't be
/// listened on now.
void check(const WatchTargets& targets);

/// Follows the run in `folder` until SIGINT or SIGTERM, and says on standard error where its page is. `port` 0 takes a
/// free one. Throws what RunFollower does, and SystemError where a port is taken or a file can't be written.
void watch_run(const std::filesystem::path& folder, const WatchTargets& targets, std::uint16_t port);

/// The run's event files of TensorBoard, as they are now. Gives the folder that they are in. Throws as watch_run does.
std::filesystem::path write_tensorboard(const std::filesystem::path& folder);

}  // namespace fedgram::experiments
