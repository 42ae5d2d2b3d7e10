// All that a peer sends to a server of inferences once it is let in, as one stream of bytes: to the server itself, with
// a network of two pixels, over a connection in memory.

#include <spdlog/spdlog.h>

#include <asio/io_context.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <thread>

#include "client/serving/server.hpp"
#include "common/error/error.hpp"
#include "common/net/address.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/served_file.hpp"

using namespace fedgram;
using protocol::MessageType;

namespace {

constexpr protocol::Limits of_server{.header_bytes = 64, .inference_bytes = 8};
constexpr protocol::Limits of_client{.inference_bytes = 8};

client::ServedModel two_pixels()
{
    const spec::ModelSpec layers{.name = "two pixels", .layers = {spec::Flatten{}, spec::Linear{2}}};
    auto candidate =
        test::servable(layers, test::ServedIn::float32, {.channels = 2, .height = 1, .width = 1, .classes = 2});
    client::ServedModel served{std::move(candidate.model)};
    served.parameters.assign(candidate.parameters.begin(), candidate.parameters.end());
    served.normalization = spec::Normalization{};
    return served;
}

/// The frames of a stream up to its end, or to the first that isn't whole, or breaks the limits.
struct Frames {
    std::vector<protocol::Frame> frames{};
    bool broken = false;  ///< by its fixed part
    bool whole = true;    ///< nothing is behind the last
};

Frames frames_of(std::string_view bytes, const protocol::Limits& limits)
{
    Frames result;
    while (!bytes.empty()) {
        result.whole = false;
        if (bytes.size() < protocol::frame_header_size) return result;
        protocol::FrameHeaderBytes fixed;
        std::memcpy(fixed.data(), bytes.data(), fixed.size());
        protocol::FrameHeader header;
        try {
            header = protocol::decode(fixed, limits);
        } catch (const ProtocolError&) {
            result.broken = true;
            return result;
        }
        const auto size = fixed.size() + header.header_bytes + header.payload_bytes;
        if (bytes.size() < size) return result;
        protocol::Frame frame;
        frame.type = header.type;
        frame.header = bytes.substr(fixed.size(), header.header_bytes);
        frame.payload_bytes = header.payload_bytes;
        result.frames.push_back(std::move(frame));
        bytes.remove_prefix(size);
        result.whole = true;
    }
    return result;
}

/// What a peer may expect of the frames that it sent.
struct Expected {
    std::map<std::uint64_t, int> requests{};  ///< how many of each id
    int metrics = 0;
    bool is_over = false;  ///< the peer said goodbye, or broke the protocol
};

Expected expected_of(const Frames& sent)
{
    Expected expected;
    for (const auto& frame : sent.frames) {
        wire::InferenceRequest request;
        if (frame.type == MessageType::inference_request && request.ParseFromString(frame.header)) {
            ++expected.requests[request.id()];
        } else if (frame.type == MessageType::server_metrics_request) {
            ++expected.metrics;
        } else if (frame.type != MessageType::heartbeat) {
            expected.is_over = true;
            return expected;
        }
    }
    expected.is_over = sent.broken;
    return expected;
}

class Served {
public:
    Served()
        : server_{context_,
                  net::listen(context_, net::parse_address(context_, "127.0.0.1:0"), "--listen"),
                  {},
                  model_,
                  {.max_batch = 3, .instances = 2, .queue_limit = 4},
                  std::chrono::seconds{1}}
    {
        spdlog::set_level(spdlog::level::off);
    }

    /// What it sends to one that says this, and hangs up when nothing more comes.
    std::string heard_by(std::string_view said)
    {
        const auto peer = std::make_shared<test::MemoryPeer>(context_.get_executor());
        peer->make_room(1 << 24);
        peer->say(std::string{said});
        server_.admit(
            {std::make_unique<net::Channel>(std::make_unique<test::MemoryStream>(peer), context_.get_executor()),
             {},
             {}});
        settle();
        auto heard = peer->heard();
        peer->hang_up();
        settle();
        fuzz::require(server_.metrics().connections() == 0, "a connection that has ended holds no place");
        fuzz::require(server_.metrics().most_waiting() <= 4, "the queue keeps its bound");
        return heard;
    }

private:
    void settle()
    {
        for (;;) {
            context_.restart();
            const auto ran = context_.poll();
            if (ran == 0 && !server_.is_computing()) return;
            if (ran == 0) std::this_thread::yield();
        }
    }

    asio::io_context context_{1};
    client::ServedModel model_ = two_pixels();
    client::Server server_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Served served;
    const auto said = fuzz::text_of(data, size);
    const auto heard = frames_of(served.heard_by(said), of_client);
    auto open = expected_of(frames_of(said, of_server));
    fuzz::require(heard.whole, "whole frames go out");
    // Who breaks the protocol at once is cut off before anything has gone out.
    fuzz::require(heard.frames.empty() ? open.is_over : heard.frames.front().type == MessageType::server_hello,
                  "the hello goes out first");
    for (std::size_t i = 1; i < heard.frames.size(); ++i) {
        const auto& frame = heard.frames[i];
        if (frame.type == MessageType::server_metrics) {
            fuzz::require(--open.metrics >= 0, "figures are told to those who ask");
            continue;
        }
        const auto id = frame.type == MessageType::inference_answer
                            ? protocol::parse<wire::InferenceAnswer>(frame).id()
                            : protocol::parse<wire::InferenceRefusal>(frame).id();
        fuzz::require(frame.type == MessageType::inference_answer || frame.type == MessageType::inference_refusal,
                      "nothing goes out that a client doesn't expect");
        fuzz::require(frame.payload_bytes == (frame.type == MessageType::inference_answer ? 8U : 0U),
                      "an answer has its logits");
        fuzz::require(--open.requests[id] >= 0, "each answer is to a request, and no request has two");
    }
    if (open.is_over) return 0;
    for (const auto& [id, left] : open.requests) fuzz::require(left == 0, "no request is left without an answer");
    fuzz::require(open.metrics == 0, "who asks for figures gets them");
    return 0;
}
