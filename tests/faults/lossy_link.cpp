// A line between two network namespaces that delays packets, loses some of them and passes on no more than so many
// bits a second: for kernels without netem. Each end is a TUN device, `wire0`, so that the kernel's own TCP runs over
// it, loss and retransmission included. It says "open" once both ends are there, and when SIGTERM ends it, how many
// packets it has passed on and how many it has lost.
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t packet_bytes_max = 2048;  // the devices' MTU is 1500

// A packet that would wait for longer than this for its turn is dropped, as a full router does.
constexpr std::chrono::milliseconds queue_max{300};

volatile sig_atomic_t ended = 0;

int checked(int result, const std::string& what)
{
    if (result < 0) throw std::system_error{errno, std::generic_category(), what};
    return result;
}

/// A new TUN device in the namespace of that name, which becomes this process's own.
int open_end(const std::string& network)
{
    const auto path = "/run/netns/" + network;
    const int place = checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
    checked(::setns(place, CLONE_NEWNET), path);
    ::close(place);
    const int device = checked(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "/dev/net/tun");
    ifreq request{};
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    std::strncpy(request.ifr_name, "wire0", IFNAMSIZ - 1);
    checked(::ioctl(device, TUNSETIFF, &request), "TUNSETIFF in " + network);
    return device;
}

struct Line {
    double kbit_s = 1000;
    double delay_ms = 0;
    double loss = 0;
    std::uint64_t seed = 1;
};

/// One way of the line.
class Direction {
public:
    Direction(int from, int to, const Line& line, std::uint64_t seed) : from_{from}, to_{to}, line_{line}, random_{seed}
    {
    }

    [[nodiscard]] int from() const { return from_; }

    /// Takes what has been sent, up to the last packet.
    void take(Clock::time_point now)
    {
        std::array<char, packet_bytes_max> packet;
        for (ssize_t size = 0; (size = ::read(from_, packet.data(), packet.size())) > 0;) {
            free_ = std::max(free_, now);
            if (std::generate_canonical<double, 32>(random_) < line_.loss || free_ - now > queue_max) {
                ++lost_;
                continue;
            }
            free_ += duration(static_cast<double>(size) * 8 / line_.kbit_s);
            under_way_.push_back({free_ + duration(line_.delay_ms), {packet.data(), packet.data() + size}});
        }
    }

    /// Hands over what has arrived by now.
    void deliver(Clock::time_point now)
    {
        for (; !under_way_.empty() && under_way_.front().due <= now; under_way_.pop_front()) {
            const auto& bytes = under_way_.front().bytes;
            // A device that is down takes nothing, as a wire without a machine.
            const bool arrived = ::write(to_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
            ++(arrived ? passed_ : lost_);
        }
    }

    /// When the next packet arrives.
    [[nodiscard]] std::optional<Clock::time_point> due() const
    {
        return under_way_.empty() ? std::nullopt : std::optional{under_way_.front().due};
    }

    [[nodiscard]] std::uint64_t passed() const { return passed_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
    struct Packet {
        Clock::time_point due;
        std::vector<char> bytes;
    };

    static Clock::duration duration(double milliseconds)
    {
        return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::milli>{milliseconds});
    }

    int from_;
    int to_;
    Line line_;
    std::mt19937_64 random_;
    Clock::time_point free_{};  // when the last packet taken has left
    std::deque<Packet> under_way_;
    std::uint64_t passed_ = 0;
    std::uint64_t lost_ = 0;
};

void carry(const std::string& one, const std::string& other, const Line& line)
{
    const int here = open_end(one);
    const int there = open_end(other);
    std::array<Direction, 2> directions{Direction{here, there, line, line.seed},
                                        Direction{there, here, line, line.seed + 1}};
    std::printf("open\n");
    std::fflush(stdout);
    while (ended == 0) {
        const auto now = Clock::now();
        auto wake = now + std::chrono::milliseconds{100};
        for (auto& direction : directions) {
            direction.take(now);
            direction.deliver(now);
            if (const auto due = direction.due()) wake = std::min(wake, *due);
        }
        std::array<pollfd, 2> ends{pollfd{here, POLLIN, 0}, pollfd{there, POLLIN, 0}};
        const auto left = std::max(Clock::duration::zero(), wake - Clock::now());
        const timespec wait{0, static_cast<long>(std::chrono::nanoseconds{left}.count())};
        ::ppoll(ends.data(), ends.size(), &wait, nullptr);
    }
    std::printf("passed %llu lost %llu\n",
                static_cast<unsigned long long>(directions[0].passed() + directions[1].passed()),
                static_cast<unsigned long long>(directions[0].lost() + directions[1].lost()));
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Joins two network namespaces by a slow, long and lossy line, until SIGTERM", "fedgram-lossy-link"};
    std::string one;
    std::string other;
    Line line;
    unsigned lifetime_s = 120;
    app.add_option("one", one, "a namespace's name, as in `ip netns list`")->required();
    app.add_option("other", other, "the other's")->required();
    app.add_option("--kbit", line.kbit_s, "rate each way, in kilobits (1000 bits) a second")->capture_default_str();
    app.add_option("--delay-ms", line.delay_ms, "one way")->capture_default_str();
    app.add_option("--loss", line.loss, "share of the packets, drawn for each way on its own")->capture_default_str();
    app.add_option("--seed", line.seed, "of the draws")->capture_default_str();
    app.add_option("--lifetime", lifetime_s, "seconds after which it ends by itself")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    ::alarm(lifetime_s);
    ::signal(SIGTERM, [](int) { ended = 1; });
    try {
        carry(one, other, line);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fedgram-lossy-link: %s\n", error.what());
        return 1;
    }
    return 0;
}
