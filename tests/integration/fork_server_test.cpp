#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "client/fork_server/fork_server.hpp"
#include "common/error/error.hpp"

using namespace fedgram;

namespace {

/// A fork server whose launcher is this process. Its clients do what they are told and exit with what that gives.
class Served {
public:
    explicit Served(const std::function<int(const client::ForkedClient&)>& live, bool with_another_thread = false)
    {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) throw std::runtime_error{"no socket"};
        const pid_t launcher = ::getpid();
        server_ = ::fork();
        if (server_ == 0) {
            ::close(ends[0]);
            if (with_another_thread) std::thread{[] { ::pause(); }}.detach();
            try {
                const auto forked = client::serve_forks(files::Descriptor{ends[1]}, launcher);
                ::_exit(forked ? live(*forked) : 0);
            } catch (const SystemError&) {
                ::_exit(5);
            }
        }
        ::close(ends[1]);
        socket_ = ends[0];
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    ~Served() { ::close(socket_); }

    [[nodiscard]] std::string hear() const
    {
        char text[32];
        const auto size = ::recv(socket_, text, sizeof text, 0);
        return {text, static_cast<std::size_t>(size < 0 ? 0 : size)};
    }
    [[nodiscard]] pid_t fork(const std::string& arguments) const
    {
        ::send(socket_, arguments.data(), arguments.size(), 0);
        return std::stoi(hear());
    }
    [[nodiscard]] int end() const
    {
        ::shutdown(socket_, SHUT_RDWR);
        return exit_code(server_);
    }

    /// Only of a child of this process; -1 for another one.
    static int exit_code(pid_t child)
    {
        int status = 0;
        if (::waitpid(child, &status, 0) != child) return -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    pid_t server_ = -1;
    int socket_ = -1;
};

}  // namespace

TEST_CASE("A forked client is the launcher's own child, and begins with the arguments that the launcher sent",
          "[client]")
{
    const Served server{[](const client::ForkedClient& client) {
        const bool as_sent = client.arguments == std::vector<std::string>{"--nodes", "0-4", "--data-dir", "a b"};
        return as_sent && ::getpgid(0) == ::getpid() && client.cpu_seconds_before >= 0 ? 42 : 1;
    }};
    REQUIRE(server.hear() == "ready");
    for (int i = 0; i < 3; ++i) CHECK(Served::exit_code(server.fork("--nodes\n0-4\n--data-dir\na b\n")) == 42);
    CHECK(server.end() == 0);
}

TEST_CASE("The clients of a fork server live on when it has ended", "[client]")
{
    pid_t client = 0;
    {
        const Served server{[](const client::ForkedClient&) { return ::pause(); }};
        REQUIRE(server.hear() == "ready");
        client = server.fork("--nodes\n0\n");
        CHECK(server.end() == 0);
    }
    CHECK(::kill(client, SIGKILL) == 0);
    CHECK(Served::exit_code(client) == 128 + SIGKILL);
}

TEST_CASE("A fork server with a second thread refuses to serve", "[client]")
{
    const Served server{[](const client::ForkedClient&) { return 0; }, true};
    CHECK(server.hear().empty());
    CHECK(server.end() == 5);
}
