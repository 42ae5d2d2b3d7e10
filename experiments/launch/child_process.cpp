#include "experiments/launch/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "experiments/launch/pipe.hpp"

namespace fedgram::experiments {

namespace {

/// In the child, between fork and exec: system calls alone. Returns only when something failed, with errno set.
void become(char* const* argv, char* const* environment, int standard_output, int standard_error,
            std::optional<int> kept, pid_t parent)
{
    ::setpgid(0, 0);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;  // a run is taken up from its checkpoint, whatever ended it
    if (::getppid() != parent)                            // it died before the line above
        ::_exit(1);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (standard_output >= 0 && ::dup2(standard_output, STDOUT_FILENO) < 0) return;
    if (standard_error >= 0 && ::dup2(standard_error, STDERR_FILENO) < 0) return;
    if (kept && ::fcntl(*kept, F_SETFD, 0) != 0) return;  // in this child alone
    ::execve(argv[0], argv, environment);
}

/// This process's, and, unless it has tunables of its own, the one by which glibc's malloc asks for huge pages:
/// LibTorch's tensors come and go, and each new page that one touches costs microseconds.
std::vector<char*> environment_of_child()
{
    static char huge_pages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
    std::vector<char*> variables;
    for (char** variable = environ; *variable; ++variable) variables.push_back(*variable);
    if (!std::getenv("GLIBC_TUNABLES")) variables.push_back(huge_pages);
    variables.push_back(nullptr);
    return variables;
}

Exit exit_of(int status)
{
    return WIFEXITED(status) ? Exit{.code = WEXITSTATUS(status)} : Exit{.signal = WTERMSIG(status)};
}

}  // namespace

std::string Exit::text() const
{
    if (signal != 0) return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
    return "exit code " + std::to_string(code);
}

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                           Output output, const std::filesystem::path& log, std::optional<int> kept)
{
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const auto environment = environment_of_child();

    files::Descriptor log_file;
    if (output == Output::file || !log.empty()) {
        log_file = files::Descriptor{::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
        if (log_file.number() < 0) throw errno_error(log.string() + " can't be written");
    }
    Pipe failure;  // carries errno from a failed exec; just closes at a successful one
    std::optional<Pipe> answers;
    if (output == Output::pipe) answers.emplace();
    const auto parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        become(argv.data(), environment.data(), (answers ? answers->write_end : log_file).number(), log_file.number(),
               kept, parent);
        const int error = errno;
        static_cast<void>(!::write(failure.write_end.number(), &error, sizeof error));
        ::_exit(127);
    }
    int error = pid_ < 0 ? errno : 0;
    failure.write_end = {};  // or this process itself would keep the pipe open
    const bool exec_failed = ::read(failure.read_end.number(), &error, sizeof error) == sizeof error;
    if (pid_ < 0 || exec_failed) {
        if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
        throw SystemError{program.string() + " can't be started: " + ::strerror(error)};
    }
    if (answers) output_ = std::move(answers->read_end);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)}, output_{std::move(other.output_)}, exit_{other.exit_}
{
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    std::swap(pid_, other.pid_);
    std::swap(output_, other.output_);
    std::swap(exit_, other.exit_);
    return *this;
}

ChildProcess::~ChildProcess()
{
    if (pid_ > 0 && running()) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void ChildProcess::send(int signal) const
{
    if (running()) ::kill(pid_, signal);
}

bool ChildProcess::has_just_ended()
{
    int status = 0;
    if (!running() || ::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    exit_ = exit_of(status);
    return true;
}

std::filesystem::path sibling_program(const std::string& name)
{
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace fedgram::experiments
