#include "client/fork_server/fork_server.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <sstream>

#include "common/energy/meters/host.hpp"
#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"

namespace fedgram::client {

namespace {

constexpr std::size_t longest_request = 64 * 1024;

void say(int socket, const std::string& text)
{
    if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) < 0) throw errno_error("the launcher can't be told");
}

/// The next packet; an empty one when the launcher has closed its end.
std::string hear(int socket)
{
    std::string text(longest_request, '\0');
    const auto size = ::recv(socket, text.data(), text.size(), 0);
    if (size < 0) throw errno_error("the launcher can't be heard");
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// A lock that another thread holds at the fork is never released in the child, which has no such thread.
void require_one_thread()
{
    const auto threads = std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, {});
    if (threads != 1)
        throw SystemError{"the engine has started " + std::to_string(threads - 1) +
                          " threads; clients can't be forked beside them"};
}

/// Like the children of ChildProcess: a process group of its own, and it dies with its parent.
void become_child_of(pid_t launcher)
{
    ::setpgid(0, 0);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) throw errno_error("a client can't follow the launcher into its death");
    if (::getppid() != launcher) ::_exit(1);  // it died before the line above
}

/// Like fork(), but the new process is a child of `launcher`: its parent, a process in the middle, ends at once, and
/// the kernel gives an orphan to the nearest subreaper.
pid_t fork_child_of(pid_t launcher)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw errno_error("a client can't be forked");
    files::Descriptor here{ends[0]};
    const files::Descriptor there{ends[1]};
    const pid_t middle = ::fork();
    if (middle < 0) throw errno_error("a client can't be forked");
    if (middle == 0) {
        const pid_t client = ::fork();
        if (client != 0) {
            static_cast<void>(!::send(there.number(), &client, sizeof client, MSG_NOSIGNAL));
            ::_exit(0);
        }
        here = {};
        char adopted = 0;
        static_cast<void>(!::recv(there.number(), &adopted, sizeof adopted, 0));  // the server's end closes
        become_child_of(launcher);
        return 0;
    }
    ::waitpid(middle, nullptr, 0);
    pid_t client = -1;
    static_cast<void>(!::recv(here.number(), &client, sizeof client, MSG_DONTWAIT));
    if (client < 0) throw SystemError{"a client can't be forked; are there too many processes?"};
    return client;
}

}  // namespace

std::optional<ForkedClient> serve_forks(const files::Descriptor socket, pid_t launcher)
{
    require_one_thread();
    say(socket.number(), "ready");
    double handed_over = 0;
    for (;;) {
        const auto request = hear(socket.number());
        if (request.empty()) return std::nullopt;
        const double spent = energy::process_cpu_seconds();
        const pid_t client = fork_child_of(launcher);
        if (client == 0) return ForkedClient{lines_of(request), spent - handed_over};
        handed_over = spent;
        say(socket.number(), std::to_string(client));
    }
}

}  // namespace fedgram::client
