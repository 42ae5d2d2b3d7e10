#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/files/descriptor.hpp"

namespace fedgram::experiments {

/// How a process ended.
struct Exit {
    int code = 0;    ///< its exit code; 0 where a signal ended it
    int signal = 0;  ///< the signal that ended it; 0 for none

    [[nodiscard]] bool good() const { return code == 0 && signal == 0; }
    /// "exit code 3", "signal 9 (Killed)"
    [[nodiscard]] std::string text() const;
};

/// A program that this one has started. It has a process group of its own, so that Ctrl-C reaches this program alone,
/// which then decides. It is killed when this program dies, so that nothing is left behind. Unless GLIBC_TUNABLES is
/// set, its malloc asks for huge pages. Make it on the thread that lives as long as the program: the kernel watches
/// that one.
class ChildProcess {
public:
    enum class Output {
        inherit,  ///< both streams are this program's
        pipe,  ///< standard output can be read from `output()`; standard error is this program's, or goes to `log` if
               ///< that is named
        file,  ///< both streams go to `log`, which is made anew
    };

    /// The descriptor `kept` stays open in this program, under the same number. Throws SystemError when the program
    /// can't be started.
    ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 Output output = Output::inherit, const std::filesystem::path& log = {}, std::optional<int> kept = {});
    /// A child of this program that another process has started.
    [[nodiscard]] static ChildProcess adopted(pid_t pid) { return ChildProcess{pid}; }
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    /// Kills the program if it still runs.
    ~ChildProcess();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Read end of the pipe; -1 without one.
    [[nodiscard]] int output() const { return output_.number(); }
    [[nodiscard]] bool running() const { return !exit_; }
    /// Nothing while it runs.
    [[nodiscard]] const std::optional<Exit>& exit() const { return exit_; }

    /// Nothing happens when it has ended.
    void send(int signal) const;
    /// Notices that it has ended; true the first time.
    bool has_just_ended();

private:
    explicit ChildProcess(pid_t pid) : pid_{pid} {}

    pid_t pid_ = -1;
    files::Descriptor output_;
    std::optional<Exit> exit_;
};

/// A program that lies beside this one.
[[nodiscard]] std::filesystem::path sibling_program(const std::string& name);

}  // namespace fedgram::experiments
