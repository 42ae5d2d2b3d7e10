#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::experiments {

/// A call of `fedgram` that needs nobody to look at it. It may be made anew where it was lost, and then goes on with
/// what it finds in its folder.
struct Job {
    std::string name;                    ///< unlike any other's
    std::vector<std::string> arguments;  ///< absolute paths alone
    std::filesystem::path log;           ///< gets both of its streams
};

struct JobEnd {
    std::string name;
    bool good = false;
    std::string how{};  ///< "exit code 3"
};

/// Where jobs run. Signals to this program come to whoever waits here.
class JobRunner {
public:
    virtual ~JobRunner() = default;

    /// They start when there is room, in this order.
    virtual void submit(const std::vector<Job>& jobs) = 0;
    /// Waits for jobs to end, but no longer than `at_most`, and says which have since the last call. None that is
    /// submitted ends unsaid, but those that a stop has kept from starting.
    [[nodiscard]] virtual std::vector<JobEnd> wait(std::chrono::milliseconds at_most) = 0;
    /// Jobs that have started, or will, and whose end nobody has been told.
    [[nodiscard]] virtual std::size_t outstanding() const = 0;
    /// The first SIGINT or SIGTERM that came. From then on no job starts, and those that run are told to keep what they
    /// have.
    [[nodiscard]] virtual std::optional<int> stopped_by() const = 0;
};

}  // namespace fedgram::experiments
