#include "tests/support/command.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/support/places.hpp"

namespace fedgram::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

}  // namespace

std::string program(const std::string& name) { return (program_folder() / name).string(); }

Process::Process(const std::string& name, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment)
{
    std::vector<std::string> command{name.find('/') == std::string::npos ? program(name) : name};
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::vector<std::string> surroundings = environment;
    for (char** each = environ; *each; ++each) surroundings.emplace_back(*each);
    auto argv = pointers(command);
    auto envp = pointers(surroundings);

    int out[2];
    int err[2];
    if (::pipe(out) != 0 || ::pipe(err) != 0) throw std::runtime_error{"no pipe"};
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(err[1], STDERR_FILENO);
        for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
        ::execve(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
}

Process::~Process()
{
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
}

void Process::send(int signal) const
{
    // -1, of a process that has ended, would mean every process there is.
    if (pid_ > 0) ::kill(pid_, signal);
}

std::string Process::read_line() const
{
    std::string line;
    for (char next = 0; ::read(out_, &next, 1) == 1 && next != '\n';) line += next;
    return line;
}

Outcome Process::wait()
{
    Outcome outcome;
    std::array<pollfd, 2> streams{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        ::poll(streams.data(), streams.size(), -1);
        for (std::size_t i = 0; i < streams.size(); ++i) {
            if (streams[i].fd < 0 || streams[i].revents == 0) continue;
            char buffer[4096];
            const auto count = ::read(streams[i].fd, buffer, sizeof buffer);
            if (count > 0)
                (i == 0 ? outcome.out : outcome.err).append(buffer, static_cast<std::size_t>(count));
            else
                streams[i].fd = -1;
        }
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

Outcome run(const std::string& program, const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment)
{
    return Process{program, arguments, environment}.wait();
}

}  // namespace fedgram::test
