#include "experiments/loading/server_connection.hpp"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <cstring>
#include <exception>
#include <system_error>
#include <utility>

#include "common/error/error.hpp"
#include "common/net/address.hpp"
#include "common/net/deadline.hpp"
#include "common/protocol/proof.hpp"

namespace fedgram::experiments {

namespace {

using protocol::MessageType;

// What is read or written at once, but for a larger frame.
constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::chrono::seconds longest_greeting{10};

ProtocolError ended(const std::error_code& why)
{
    return ProtocolError{"the server has ended the connection: " + why.message()};
}

template <class T>
void append(std::vector<std::byte>& bytes, const T& more)
{
    const auto view = std::as_bytes(std::span{more});
    bytes.insert(bytes.end(), view.begin(), view.end());
}

void append_frame(std::vector<std::byte>& bytes, MessageType type, const std::string& header,
                  std::span<const std::byte> payload = {})
{
    append(bytes, protocol::encode({type, static_cast<std::uint32_t>(header.size()), payload.size()}));
    append(bytes, header);
    append(bytes, payload);
}

}  // namespace

ServerConnection::ServerConnection(asio::io_context& context, const std::string& address,
                                   const std::optional<protocol::Secret>& secret, const net::Tls* tls)
    : context_{context}, limits_{protocol::limits_before_trust}, incoming_(chunk_bytes)
{
    asio::error_code failure;
    asio::ip::tcp::socket socket{context};
    socket.connect(net::parse_address(context, address), failure);
    if (failure) throw SystemError{"no server answers at " + address + ": " + failure.message()};
    stream_ = net::make_stream(std::move(socket), tls);

    std::exception_ptr trouble;
    asio::co_spawn(context, net::before(net::Clock::now() + longest_greeting, greet(secret, tls != nullptr)),
                   [&trouble](const std::exception_ptr& error, bool) { trouble = error; });
    context.restart();
    context.run();
    context.restart();
    if (!trouble) return;
    try {
        std::rethrow_exception(trouble);
    } catch (const Timeout&) {
        throw ProtocolError{"what listens at " + address + " didn't greet within " +
                            std::to_string(longest_greeting.count()) + " s; is it a fedgram-serve?"};
    } catch (ProtocolError& error) {
        error.add_context(address);
        throw;
    }
}

asio::awaitable<bool> ServerConnection::greet(const std::optional<protocol::Secret>& secret, bool encrypted)
{
    std::optional<std::error_code> gone;
    try {
        co_await stream_->handshake();
        const auto first = co_await next_frame();
        if (first.type != MessageType::challenge) throw ProtocolError{"the server did not begin with a challenge"};
        wire::Hello hello;
        hello.set_software("fedgram");
        const auto nonce = protocol::fresh_nonce();
        hello.set_nonce(nonce);
        co_await send_now(protocol::handshake_frame(MessageType::hello, hello, secret,
                                                    protocol::parse<wire::Challenge>(first).nonce()));
        const auto answer = co_await next_frame();
        if (answer.type != MessageType::server_hello) throw ProtocolError{"what listens there serves no model"};
        server_ = protocol::parse_handshake<wire::ServerHello>(answer, secret, nonce);
    } catch (const std::system_error& error) {
        gone = error.code();
    }
    if (gone) throw ProtocolError{ended(*gone).what() + std::string{encrypted ? "" : "; does it ask for TLS (--tls)?"}};
    limits_ = {.inference_bytes = server_.classes() * sizeof(float)};
    co_return true;
}

asio::awaitable<protocol::Frame> ServerConnection::next_frame()
{
    while (!take_frame()) co_await read_more();
    protocol::Frame frame;
    frame.type = type_;
    frame.header = header_;
    if (frame.type == MessageType::goodbye)
        throw ProtocolError{"the server refuses: " + protocol::parse<wire::Goodbye>(frame).reason()};
    co_return frame;
}

asio::awaitable<void> ServerConnection::send_now(const protocol::OutgoingFrame& frame)
{
    append_frame(outgoing_, frame.type, frame.header);
    co_await write_outgoing();
}

void ServerConnection::start(Receiver receive)
{
    receive_ = std::move(receive);
    spawn(read());
}

void ServerConnection::stop()
{
    stopped_ = true;
    stream_->cancel();
}

void ServerConnection::spawn(asio::awaitable<void> operation)
{
    asio::co_spawn(context_, std::move(operation), [this](const std::exception_ptr& error) {
        if (!error || stopped_) return;
        try {
            std::rethrow_exception(error);
        } catch (const std::system_error& failure) {
            throw ended(failure.code());
        }
    });
}

void ServerConnection::send(std::uint64_t id, std::span<const std::byte> image)
{
    requests_.push_back({id, image});
    begin_writing();
}

void ServerConnection::ask_for_metrics()
{
    asks_for_metrics_ = true;
    begin_writing();
}

void ServerConnection::begin_writing()
{
    if (!std::exchange(writing_, true)) spawn(write());
}

void ServerConnection::fill_outgoing()
{
    if (std::exchange(asks_for_metrics_, false)) append_frame(outgoing_, MessageType::server_metrics_request, {});
    wire::InferenceRequest request;
    while (!requests_.empty() && outgoing_.size() < chunk_bytes) {
        const auto [id, image] = requests_.front();
        requests_.pop_front();
        request.set_id(id);
        append_frame(outgoing_, MessageType::inference_request, request.SerializeAsString(), image);
    }
}

asio::awaitable<void> ServerConnection::write()
{
    for (;;) {
        fill_outgoing();
        if (outgoing_.empty()) break;
        co_await write_outgoing();
    }
    writing_ = false;
}

asio::awaitable<void> ServerConnection::write_outgoing()
{
    std::size_t written = 0;
    while (written < outgoing_.size()) {
        net::Pieces pieces;
        pieces.front() = asio::buffer(outgoing_) + written;
        written += co_await stream_->write_some(pieces);
    }
    outgoing_.clear();
}

asio::awaitable<void> ServerConnection::read()
{
    for (;;) {
        while (!stopped_ && take_frame()) receive_(type_, header_, payload_);
        if (stopped_) co_return;
        co_await read_more();
    }
}

asio::awaitable<void> ServerConnection::read_more()
{
    std::copy(incoming_.begin() + static_cast<std::ptrdiff_t>(begin_),
              incoming_.begin() + static_cast<std::ptrdiff_t>(filled_), incoming_.begin());
    filled_ -= begin_;
    begin_ = 0;
    if (incoming_.size() - filled_ < chunk_bytes / 2) incoming_.resize(2 * incoming_.size());
    filled_ += co_await stream_->read_some(
        {asio::buffer(incoming_.data() + filled_, incoming_.size() - filled_), asio::mutable_buffer{}});
}

bool ServerConnection::take_frame()
{
    const auto there = std::span{incoming_}.subspan(begin_, filled_ - begin_);
    if (there.size() < protocol::frame_header_size) return false;
    const auto frame = protocol::decode(there.first<protocol::frame_header_size>(), limits_);
    const auto size = protocol::frame_header_size + frame.header_bytes + frame.payload_bytes;
    if (there.size() < size) return false;
    const auto* const header = there.data() + protocol::frame_header_size;
    type_ = frame.type;
    header_.assign(reinterpret_cast<const char*>(header), frame.header_bytes);
    payload_.resize(protocol::floats_for(frame.payload_bytes));
    std::memcpy(payload_.data(), header + frame.header_bytes, frame.payload_bytes);
    begin_ += size;
    return true;
}

}  // namespace fedgram::experiments
