#include "experiments/launch/captured_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "common/error/error.hpp"
#include "experiments/launch/pipe.hpp"

namespace fedgram::experiments {

namespace {

using Clock = std::chrono::steady_clock;

/// A signal mask of nothing, and a process group of its own.
class Attributes {
public:
    Attributes()
    {
        sigset_t none;
        ::sigemptyset(&none);
        ::posix_spawnattr_init(&value_);
        ::posix_spawnattr_setflags(&value_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
        ::posix_spawnattr_setsigmask(&value_, &none);
        ::posix_spawnattr_setpgroup(&value_, 0);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&value_); }

    [[nodiscard]] const posix_spawnattr_t* get() const { return &value_; }

private:
    posix_spawnattr_t value_{};
};

class Actions {
public:
    Actions(int out, int err)
    {
        ::posix_spawn_file_actions_init(&value_);
        ::posix_spawn_file_actions_addopen(&value_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&value_, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&value_, err, STDERR_FILENO);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() { ::posix_spawn_file_actions_destroy(&value_); }

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &value_; }

private:
    posix_spawn_file_actions_t value_{};
};

/// False at its end.
bool read_some(int file, std::string& text)
{
    char buffer[4096];
    const auto count = ::read(file, buffer, sizeof buffer);
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

std::optional<CapturedCommand> captured_command(const std::string& program, const std::vector<std::string>& arguments,
                                                std::chrono::milliseconds at_most)
{
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    Pipe out;
    Pipe err;
    pid_t pid = -1;
    const Actions actions{out.write_end.number(), err.write_end.number()};
    const Attributes attributes;
    const int error = ::posix_spawnp(&pid, program.c_str(), actions.get(), attributes.get(), argv.data(), environ);
    if (error == ENOENT) return std::nullopt;
    if (error != 0) throw SystemError{program + " can't be started: " + std::strerror(error)};
    out.write_end = {};
    err.write_end = {};

    CapturedCommand command;
    const auto give_up = Clock::now() + at_most;
    std::array<pollfd, 2> files{pollfd{out.read_end.number(), POLLIN, 0}, pollfd{err.read_end.number(), POLLIN, 0}};
    while (files[0].fd >= 0 || files[1].fd >= 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - Clock::now());
        if (left.count() <= 0) {
            ::kill(pid, SIGKILL);
            break;
        }
        if (::poll(files.data(), files.size(), static_cast<int>(std::min<long>(left.count(), 1'000'000))) <= 0)
            continue;
        if (files[0].revents != 0 && !read_some(files[0].fd, command.out)) files[0].fd = -1;
        if (files[1].revents != 0 && !read_some(files[1].fd, command.err)) files[1].fd = -1;
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    command.exit = WIFEXITED(status) ? Exit{.code = WEXITSTATUS(status)} : Exit{.signal = WTERMSIG(status)};
    return command;
}

}  // namespace fedgram::experiments
