#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/protocol/messages.hpp"

namespace fedgram::test {

/// A client by the protocol alone, with neither data nor engine: it sends what it is told to, right or wrong.
class RawClient {
public:
    /// `address` is 127.0.0.1:PORT; `parameters` is the model's size. Says hello, and is ready.
    RawClient(const std::string& address, std::uint32_t node, std::size_t parameters, const std::string& data_sha256)
        : parameters_{parameters}
    {
        const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
        socket_.connect({asio::ip::address_v4::loopback(), port});
        if (const auto challenge = receive(); !challenge || challenge->type != protocol::MessageType::challenge)
            throw std::runtime_error{"the coordinator has not challenged the raw client"};
        wire::Hello hello;
        auto* range = hello.add_nodes();
        range->set_first(node);
        range->set_last(node);
        hello.set_machine("raw");
        hello.set_cores(1);
        wire::HandshakeMessage unproven;  // the run has no secret
        unproven.set_message(hello.SerializeAsString());
        send(protocol::MessageType::hello, unproven);
        const auto welcome = receive();
        if (!welcome || welcome->type != protocol::MessageType::welcome)
            throw std::runtime_error{"the coordinator has not welcomed the raw client"};
        wire::Ready ready;
        ready.set_data_sha256(data_sha256);
        send(protocol::MessageType::ready, ready);
    }

    /// Waits for it; nothing once the coordinator has ended the connection.
    std::optional<wire::TrainNode> next_task()
    {
        while (auto frame = receive()) {
            if (frame->type == protocol::MessageType::round_model)
                global_ = std::move(frame->payload);
            else if (frame->type == protocol::MessageType::train_node)
                return protocol::parse<wire::TrainNode>(*frame);
            else if (frame->type == protocol::MessageType::goodbye)
                break;
        }
        asio::error_code ignored;
        socket_.close(ignored);
        return std::nullopt;
    }

    /// Of the round.
    [[nodiscard]] const std::vector<float>& global() const { return global_; }

    template <class Message>
    void send(protocol::MessageType type, const Message& message, const std::vector<float>& payload = {})
    {
        const auto header = message.SerializeAsString();
        const auto fixed =
            protocol::encode({type, static_cast<std::uint32_t>(header.size()), payload.size() * sizeof(float)});
        const std::array<asio::const_buffer, 3> frame{asio::buffer(fixed), asio::buffer(header), asio::buffer(payload)};
        asio::write(socket_, frame);
    }

    /// An encoded update.
    void send(const wire::ClientUpdate& update, const std::vector<std::byte>& payload)
    {
        const auto header = update.SerializeAsString();
        const auto fixed = protocol::encode(
            {protocol::MessageType::encoded_update, static_cast<std::uint32_t>(header.size()), payload.size()});
        const std::array<asio::const_buffer, 3> frame{asio::buffer(fixed), asio::buffer(header), asio::buffer(payload)};
        asio::write(socket_, frame);
    }

private:
    std::optional<protocol::Frame> receive()
    {
        constexpr std::uint32_t welcome_limit = 16 * 1024 * 1024;
        asio::error_code ended;
        protocol::FrameHeaderBytes fixed;
        asio::read(socket_, asio::buffer(fixed), ended);
        if (ended) return std::nullopt;
        const auto header = protocol::decode(fixed, {welcome_limit, parameters_ * sizeof(float)});
        protocol::Frame frame{header.type, std::string(header.header_bytes, '\0'),
                              std::vector<float>(header.payload_bytes / sizeof(float))};
        const std::array<asio::mutable_buffer, 2> rest{asio::buffer(frame.header), asio::buffer(frame.payload)};
        asio::read(socket_, rest, ended);
        if (ended) return std::nullopt;
        return frame;
    }

    asio::io_context context_;
    asio::ip::tcp::socket socket_{context_};
    std::size_t parameters_;
    std::vector<float> global_;
};

}  // namespace fedgram::test
