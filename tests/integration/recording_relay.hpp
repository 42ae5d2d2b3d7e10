#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <cstdint>
#include <string>
#include <thread>

namespace fedgram::test {

/// Stands between one client and the coordinator on 127.0.0.1, and keeps what they send, byte by byte.
class RecordingRelay {
public:
    /// `coordinator` is 127.0.0.1:PORT.
    explicit RecordingRelay(const std::string& coordinator)
        : port_{static_cast<std::uint16_t>(std::stoul(coordinator.substr(coordinator.rfind(':') + 1)))},
          thread_{[this] { serve(); }}
    {
    }
    RecordingRelay(const RecordingRelay&) = delete;
    RecordingRelay& operator=(const RecordingRelay&) = delete;
    ~RecordingRelay()
    {
        asio::error_code ignored;
        asio::ip::tcp::socket nobody{context_};
        nobody.connect(acceptor_.local_endpoint(), ignored);  // ends the wait for a client that never came
        nobody.close(ignored);
    }

    /// What the client connects to.
    [[nodiscard]] std::string address() const
    {
        return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

    /// All that the client sent, once both sides have gone.
    [[nodiscard]] const std::string& sent()
    {
        if (thread_.joinable()) thread_.join();
        return sent_;
    }
    /// All that it was sent.
    [[nodiscard]] const std::string& received()
    {
        if (thread_.joinable()) thread_.join();
        return received_;
    }

private:
    void serve()
    {
        asio::error_code failed;
        acceptor_.accept(client_, failed);
        coordinator_.connect({asio::ip::address_v4::loopback(), port_}, failed);
        const std::jthread down{[this] { carry(coordinator_, client_, received_); }};
        carry(client_, coordinator_, sent_);
    }

    /// Until `from` ends, which `to` is told.
    static void carry(asio::ip::tcp::socket& from, asio::ip::tcp::socket& to, std::string& record)
    {
        std::array<char, 4096> piece;
        asio::error_code ended;
        while (!ended) {
            const auto size = from.read_some(asio::buffer(piece), ended);
            record.append(piece.data(), size);
            asio::error_code unheard;
            asio::write(to, asio::buffer(piece.data(), size), unheard);
        }
        asio::error_code gone;
        to.shutdown(asio::ip::tcp::socket::shutdown_send, gone);
    }

    asio::io_context context_;
    std::uint16_t port_;
    asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    asio::ip::tcp::socket client_{context_};
    asio::ip::tcp::socket coordinator_{context_};
    std::string sent_;
    std::string received_;
    std::jthread thread_;
};

}  // namespace fedgram::test
