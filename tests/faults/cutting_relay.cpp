#include "tests/faults/cutting_relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

namespace fedgram::test {

namespace {

constexpr int patience_ms = 50;  // how soon a relay that is to end sees it

sockaddr_in here(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// A TCP socket; closed with the object.
class Socket {
public:
    explicit Socket(int descriptor) : descriptor_{descriptor}
    {
        if (descriptor < 0) throw std::system_error{errno, std::generic_category(), "a relay's socket"};
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { ::close(descriptor_); }

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

/// All of it, unless the other side is gone or reads nothing for five seconds.
bool write_all(const Socket& to, const char* bytes, std::size_t size)
{
    for (std::size_t done = 0; done < size;) {
        const auto written = ::send(to.descriptor(), bytes + done, size - done, MSG_NOSIGNAL);
        if (written <= 0) return false;
        done += static_cast<std::size_t>(written);
    }
    return true;
}

enum class Ended { by_a_side, by_the_cut };

/// Carries bytes both ways until it ends.
Ended carry(const Socket& client, const Socket& coordinator, std::optional<Cut> cut, const std::stop_token& stopped)
{
    std::array<char, 4096> piece;
    while (!stopped.stop_requested()) {
        std::array<pollfd, 2> sides{pollfd{client.descriptor(), POLLIN, 0},
                                    pollfd{coordinator.descriptor(), POLLIN, 0}};
        ::poll(sides.data(), sides.size(), patience_ms);
        for (const auto way : {Towards::coordinator, Towards::client}) {
            const bool up = way == Towards::coordinator;
            if (sides[up ? 0 : 1].revents == 0) continue;
            const bool limited = cut && cut->way == way;
            const auto wanted = limited ? std::min(piece.size(), cut->after_bytes) : piece.size();
            const auto size = ::recv((up ? client : coordinator).descriptor(), piece.data(), wanted, 0);
            if (size <= 0 || !write_all(up ? coordinator : client, piece.data(), static_cast<std::size_t>(size)))
                return Ended::by_a_side;
            if (limited && (cut->after_bytes -= static_cast<std::size_t>(size)) == 0) return Ended::by_the_cut;
        }
    }
    return Ended::by_a_side;
}

}  // namespace

CuttingRelay::CuttingRelay(const std::string& coordinator, std::vector<Cut> cuts)
    : target_{static_cast<std::uint16_t>(std::stoul(coordinator.substr(coordinator.rfind(':') + 1)))},
      cuts_{std::move(cuts)},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    auto address = here(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::system_error{errno, std::generic_category(), "a relay's socket"};
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::jthread{[this](const std::stop_token& stopped) { serve(stopped); }};
}

CuttingRelay::~CuttingRelay()
{
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
}

void CuttingRelay::serve(const std::stop_token& stopped)
{
    while (!stopped.stop_requested()) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, patience_ms) <= 0) continue;
        const Socket client{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)};
        const Socket coordinator{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        for (const auto* side : {&client, &coordinator}) {
            const timeval limit{5, 0};
            ::setsockopt(side->descriptor(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        }
        const auto address = here(target_);
        // A coordinator that is gone: the client finds its connection ended.
        if (::connect(coordinator.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            continue;
        const std::size_t made = cuts_made_;
        const auto cut = made < cuts_.size() ? std::optional{cuts_[made]} : std::nullopt;
        if (carry(client, coordinator, cut, stopped) == Ended::by_the_cut) ++cuts_made_;
    }
}

}  // namespace fedgram::test
