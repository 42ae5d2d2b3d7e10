#include "experiments/launch/signal_watch.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "common/error/errno_error.hpp"

namespace fedgram::experiments {

namespace {

sigset_t watched()
{
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) ::sigaddset(&set, signal);
    return set;
}

}  // namespace

SignalWatch::SignalWatch()
{
    const auto set = watched();
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = files::Descriptor{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (signals_.number() < 0) throw errno_error("signals can't be watched");
}

SignalWatch::~SignalWatch()
{
    const auto set = watched();
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

SignalWatch::Event SignalWatch::wait(int file, std::optional<Clock::time_point> deadline)
{
    using namespace std::chrono_literals;
    int timeout_ms = -1;
    if (deadline)
        timeout_ms = static_cast<int>(
            std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()), 0ms, 1'000'000ms)
                .count());
    std::array<pollfd, 2> files{pollfd{signals_.number(), POLLIN, 0}, pollfd{file, POLLIN, 0}};
    Event event;
    if (::poll(files.data(), files.size(), timeout_ms) <= 0) return event;
    signalfd_siginfo info{};
    if (files[0].revents != 0 && ::read(signals_.number(), &info, sizeof info) == sizeof info)
        event.signal = static_cast<int>(info.ssi_signo);
    event.readable = files[1].revents != 0;
    return event;
}

}  // namespace fedgram::experiments
