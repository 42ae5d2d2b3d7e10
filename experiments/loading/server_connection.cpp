#include "experiments/loading/server_connection.hpp"

#include <algorithm>
#include <array>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstring>
#include <utility>

#include "common/error/error.hpp"
#include "common/net/address.hpp"
#include "common/net/stream.hpp"
#include "common/protocol/proof.hpp"

namespace fedgram::experiments {

namespace {

using protocol::MessageType;

// What is read or written at once, but for a larger frame.
constexpr std::size_t chunk_bytes = 64 * 1024;

ProtocolError ended(const asio::error_code& why)
{
    return ProtocolError{"the server has ended the connection: " + why.message()};
}

template <class T>
void append(std::vector<std::byte>& bytes, const T& more)
{
    const auto view = std::as_bytes(std::span{more});
    bytes.insert(bytes.end(), view.begin(), view.end());
}

}  // namespace

ServerConnection::ServerConnection(asio::io_context& context, const std::string& address,
                                   const std::optional<protocol::Secret>& secret)
    : socket_{context}, limits_{protocol::limits_before_trust}, incoming_(chunk_bytes)
{
    asio::error_code failure;
    const auto endpoint = net::parse_address(context, address);
    socket_.connect(endpoint, failure);
    if (failure) throw SystemError{"no server answers at " + address + ": " + failure.message()};
    socket_.set_option(asio::ip::tcp::no_delay{true});
    if (endpoint.address().is_loopback()) net::spare_pacing(socket_.native_handle());

    const auto first = next_frame();
    if (first.type != MessageType::challenge) throw ProtocolError{"the server did not begin with a challenge"};
    wire::Hello hello;
    hello.set_software("fedgram");
    const auto nonce = protocol::fresh_nonce();
    hello.set_nonce(nonce);
    send_now(
        protocol::handshake_frame(MessageType::hello, hello, secret, protocol::parse<wire::Challenge>(first).nonce()));
    const auto answer = next_frame();
    if (answer.type != MessageType::server_hello) throw ProtocolError{"what listens there serves no model"};
    server_ = protocol::parse_handshake<wire::ServerHello>(answer, secret, nonce);
    limits_ = {.inference_bytes = server_.classes() * sizeof(float)};
}

protocol::Frame ServerConnection::next_frame()
{
    asio::error_code failure;
    protocol::FrameHeaderBytes fixed;
    asio::read(socket_, asio::buffer(fixed), failure);
    if (failure) throw ended(failure);
    const auto header = protocol::decode(fixed, limits_);
    protocol::Frame frame;
    frame.type = header.type;
    frame.header.resize(header.header_bytes);
    asio::read(socket_, asio::buffer(frame.header), failure);
    if (failure) throw ended(failure);
    if (frame.type == MessageType::goodbye)
        throw ProtocolError{"the server refuses: " + protocol::parse<wire::Goodbye>(frame).reason()};
    return frame;
}

void ServerConnection::send_now(const protocol::OutgoingFrame& frame)
{
    const auto fixed = protocol::encode({frame.type, static_cast<std::uint32_t>(frame.header.size()), 0});
    const std::array<asio::const_buffer, 2> parts{asio::buffer(fixed), asio::buffer(frame.header)};
    asio::error_code failure;
    asio::write(socket_, parts, failure);
    if (failure) throw ended(failure);
}

wire::ServerMetrics ServerConnection::metrics()
{
    socket_.non_blocking(false);
    send_now(protocol::frame(MessageType::server_metrics_request, wire::ServerMetricsRequest{}));
    const auto answer = next_frame();
    if (answer.type != MessageType::server_metrics) throw ProtocolError{"the server did not answer with its metrics"};
    return protocol::parse<wire::ServerMetrics>(answer);
}

void ServerConnection::start(Receiver receive)
{
    receive_ = std::move(receive);
    stopped_ = false;
    socket_.non_blocking(true);
    read();
}

void ServerConnection::stop()
{
    stopped_ = true;
    asio::error_code ignored;
    socket_.cancel(ignored);
}

void ServerConnection::send(std::uint64_t id, std::span<const std::byte> image)
{
    requests_.push_back({id, image});
    if (!writing_) write();
}

void ServerConnection::fill_outgoing()
{
    wire::InferenceRequest request;
    while (!requests_.empty() && outgoing_.size() < chunk_bytes) {
        const auto [id, image] = requests_.front();
        requests_.pop_front();
        request.set_id(id);
        const auto header = request.SerializeAsString();
        append(outgoing_, protocol::encode({MessageType::inference_request, static_cast<std::uint32_t>(header.size()),
                                            image.size()}));
        append(outgoing_, header);
        append(outgoing_, image);
    }
}

void ServerConnection::write()
{
    for (;;) {
        fill_outgoing();
        if (outgoing_.empty()) return;
        asio::error_code failure;
        const auto written = socket_.write_some(asio::buffer(outgoing_), failure);
        outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(written));
        if (failure == asio::error::would_block) break;
        if (failure) throw ended(failure);
    }
    writing_ = true;
    socket_.async_wait(asio::ip::tcp::socket::wait_write, [this](const asio::error_code& cancelled) {
        writing_ = false;
        if (!cancelled) write();
    });
}

void ServerConnection::read()
{
    if (incoming_.size() - filled_ < chunk_bytes / 2) incoming_.resize(2 * incoming_.size());
    socket_.async_read_some(asio::buffer(incoming_.data() + filled_, incoming_.size() - filled_),
                            [this](const asio::error_code& failure, std::size_t bytes) {
                                if (stopped_) return;
                                if (failure) throw ended(failure);
                                filled_ += bytes;
                                take_frames();
                                if (!stopped_) read();
                            });
}

void ServerConnection::take_frames()
{
    std::size_t at = 0;
    while (!stopped_ && filled_ - at >= protocol::frame_header_size) {
        const auto fixed = std::span{incoming_}.subspan(at).first<protocol::frame_header_size>();
        const auto frame = protocol::decode(fixed, limits_);
        const auto size = protocol::frame_header_size + frame.header_bytes + frame.payload_bytes;
        if (filled_ - at < size) {
            if (incoming_.size() < at + size) incoming_.resize(at + size);
            break;
        }
        const auto* const header = incoming_.data() + at + protocol::frame_header_size;
        header_.assign(reinterpret_cast<const char*>(header), frame.header_bytes);
        payload_.resize(protocol::floats_for(frame.payload_bytes));
        std::memcpy(payload_.data(), header + frame.header_bytes, frame.payload_bytes);
        at += size;
        receive_(frame.type, header_, payload_);
    }
    std::copy(incoming_.begin() + static_cast<std::ptrdiff_t>(at),
              incoming_.begin() + static_cast<std::ptrdiff_t>(filled_), incoming_.begin());
    filled_ -= at;
}

}  // namespace fedgram::experiments
