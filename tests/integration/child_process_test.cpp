#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <optional>
#include <string>

#include "common/error/error.hpp"
#include "experiments/launch/child_process.hpp"
#include "experiments/launch/signal_watch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using experiments::ChildProcess;
using experiments::SignalWatch;

namespace {

experiments::Exit end_of(ChildProcess& process, SignalWatch& signals)
{
    while (!process.has_just_ended()) static_cast<void>(signals.wait(-1, std::nullopt));
    return *process.exit();
}

}  // namespace

TEST_CASE("a child's end is told with its exit code or its signal", "[experiments]")
{
    SignalWatch signals;
    ChildProcess failing{"/bin/sh", {"-c", "exit 3"}};
    CHECK(end_of(failing, signals).text() == "exit code 3");
    ChildProcess killed{"/bin/sh", {"-c", "kill -9 $$"}};
    CHECK(end_of(killed, signals).signal == SIGKILL);
    ChildProcess stopped{"/bin/sleep", {"60"}, ChildProcess::Output::pipe};
    stopped.send(SIGTERM);
    CHECK(end_of(stopped, signals).text() == "signal 15 (Terminated)");
}

TEST_CASE("a child's standard output can be read, or kept in a file", "[experiments]")
{
    SignalWatch signals;
    ChildProcess talking{"/bin/echo", {"listening"}, ChildProcess::Output::pipe};
    CHECK(end_of(talking, signals).good());
    char text[32];
    CHECK(std::string(text, static_cast<std::size_t>(::read(talking.output(), text, sizeof text))) == "listening\n");

    const test::TemporaryFolder folder;
    ChildProcess logging{"/bin/sh", {"-c", "echo out; echo err >&2"}, ChildProcess::Output::file, folder / "log"};
    CHECK(end_of(logging, signals).good());
    CHECK(test::read_file(folder / "log") == "out\nerr\n");
}

TEST_CASE("a child's malloc asks for huge pages, unless the user has tunables of their own", "[experiments]")
{
    SignalWatch signals;
    const auto tunables = [&] {
        ChildProcess asked{"/bin/sh", {"-c", "echo \"$GLIBC_TUNABLES\""}, ChildProcess::Output::pipe};
        CHECK(end_of(asked, signals).good());
        char text[64];
        const auto size = ::read(asked.output(), text, sizeof text);
        REQUIRE(size > 0);
        return std::string(text, static_cast<std::size_t>(size));
    };
    const char* const before = std::getenv("GLIBC_TUNABLES");
    const auto own = before ? std::optional<std::string>{before} : std::nullopt;
    ::unsetenv("GLIBC_TUNABLES");
    CHECK(tunables() == "glibc.malloc.hugetlb=1\n");
    ::setenv("GLIBC_TUNABLES", "glibc.malloc.check=0", 1);
    CHECK(tunables() == "glibc.malloc.check=0\n");
    own ? ::setenv("GLIBC_TUNABLES", own->c_str(), 1) : ::unsetenv("GLIBC_TUNABLES");
}

TEST_CASE("a descriptor that closes on exec stays open in the child that is to keep it, and in no other",
          "[experiments]")
{
    SignalWatch signals;
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto looks = "test -e /proc/self/fd/" + std::to_string(ends[0]);
    ChildProcess heir{"/bin/sh", {"-c", looks}, ChildProcess::Output::inherit, {}, ends[0]};
    CHECK(end_of(heir, signals).code == 0);
    ChildProcess other{"/bin/sh", {"-c", looks}};
    CHECK(end_of(other, signals).code == 1);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("a program that can't be started is an error that names it", "[experiments]")
{
    CHECK_THROWS_WITH((ChildProcess{"/nowhere/fedgram", {}}),
                      "/nowhere/fedgram can't be started: No such file or directory");
}

TEST_CASE("a child is gone with its object", "[experiments]")
{
    pid_t pid = 0;
    {
        const ChildProcess waiting{"/bin/sleep", {"60"}, ChildProcess::Output::pipe};
        pid = waiting.pid();
        CHECK(::kill(pid, 0) == 0);
    }
    CHECK(::kill(pid, 0) != 0);
}
