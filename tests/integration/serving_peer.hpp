#pragma once

#include <sys/socket.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/protocol/messages.hpp"

namespace fedgram::test {

/// Whether a peer has said hello.
enum class Greeting { said, none };

/// A client of a server by the protocol alone: it sends what it is told to, right or wrong, and blocks.
class ServingPeer {
public:
    /// `address` is 127.0.0.1:PORT, of a server without a secret. `receive_bytes` is how much the system holds for it
    /// that it hasn't read; 0: the usual.
    explicit ServingPeer(const std::string& address, Greeting greeting = Greeting::said, int receive_bytes = 0)
    {
        socket_.open(asio::ip::tcp::v4());
        if (receive_bytes > 0) socket_.set_option(asio::socket_base::receive_buffer_size{receive_bytes});
        const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
        socket_.connect({asio::ip::address_v4::loopback(), port});
        socket_.set_option(asio::ip::tcp::no_delay{true});
        if (greeting == Greeting::said) greet();
    }

    [[nodiscard]] const wire::ServerHello& server() const { return server_; }

    template <class Message>
    void send(protocol::MessageType type, const Message& message, std::span<const std::byte> payload = {})
    {
        const auto bytes = frame(type, message, payload);
        asio::write(socket_, asio::buffer(bytes));
    }
    void ask(std::uint64_t id, std::span<const float> image)
    {
        send(protocol::MessageType::inference_request, request(id), std::as_bytes(image));
    }
    /// The ids from `first` on, all with one image, in one go.
    void ask(std::uint64_t first, std::uint64_t count, std::span<const float> image)
    {
        std::vector<std::byte> all;
        for (auto id = first; id < first + count; ++id) {
            const auto one = frame(protocol::MessageType::inference_request, request(id), std::as_bytes(image));
            all.insert(all.end(), one.begin(), one.end());
        }
        asio::write(socket_, asio::buffer(all));
    }
    void send_bytes(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }

    /// Waits for the next frame; nothing once the server has ended the connection.
    std::optional<protocol::Frame> receive()
    {
        asio::error_code ended;
        protocol::FrameHeaderBytes fixed;
        asio::read(socket_, asio::buffer(fixed), ended);
        if (ended) return std::nullopt;
        const auto header = protocol::decode(fixed, {.inference_bytes = 1 << 20});
        protocol::Frame frame{header.type, std::string(header.header_bytes, '\0'),
                              std::vector<float>(protocol::floats_for(header.payload_bytes)), header.payload_bytes};
        const std::array<asio::mutable_buffer, 2> rest{asio::buffer(frame.header),
                                                       asio::buffer(frame.payload.data(), header.payload_bytes)};
        asio::read(socket_, rest, ended);
        if (ended) return std::nullopt;
        return frame;
    }
    wire::ServerMetrics metrics()
    {
        send(protocol::MessageType::server_metrics_request, wire::ServerMetricsRequest{});
        const auto frame = receive();
        if (!frame || frame->type != protocol::MessageType::server_metrics)
            throw std::runtime_error{"the server has not told its metrics"};
        return protocol::parse<wire::ServerMetrics>(*frame);
    }
    /// Whether the server ends the connection, once it has sent what it had to.
    bool is_ended()
    {
        while (receive()) {
        }
        return true;
    }

    void close() { socket_.close(); }

    static wire::InferenceRequest request(std::uint64_t id)
    {
        wire::InferenceRequest message;
        message.set_id(id);
        return message;
    }
    template <class Message>
    static std::vector<std::byte> frame(protocol::MessageType type, const Message& message,
                                        std::span<const std::byte> payload)
    {
        const auto header = message.SerializeAsString();
        const auto fixed = protocol::encode({type, static_cast<std::uint32_t>(header.size()), payload.size()});
        std::vector<std::byte> bytes{fixed.begin(), fixed.end()};
        const auto text = std::as_bytes(std::span{header});
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.insert(bytes.end(), payload.begin(), payload.end());
        return bytes;
    }

private:
    void greet()
    {
        if (const auto challenge = receive(); !challenge || challenge->type != protocol::MessageType::challenge)
            throw std::runtime_error{"the server has not challenged its peer"};
        wire::HandshakeMessage unproven;
        unproven.set_message(wire::Hello{}.SerializeAsString());
        send(protocol::MessageType::hello, unproven);
        const auto answer = receive();
        if (!answer || answer->type != protocol::MessageType::server_hello)
            throw std::runtime_error{"the server has not said hello"};
        wire::HandshakeMessage envelope;
        envelope.ParseFromString(answer->header);
        server_.ParseFromString(envelope.message());
    }

    asio::io_context context_;
    asio::ip::tcp::socket socket_{context_};
    wire::ServerHello server_;
};

}  // namespace fedgram::test
