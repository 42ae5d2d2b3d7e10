// The Protocol Buffers header of a frame: the first byte says of which message, the rest is the header. An update also
// meets the check that stands before the aggregate, with the header's own bytes as its parameters, and a request to a
// server the check that stands before its queue, with them as its image.

#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/proof.hpp"

#include <cmath>
#include <cstring>

#include "client/serving/request_image.hpp"
#include "common/error/error.hpp"
#include "common/learning/updates/partial_sum.hpp"
#include "common/learning/updates/update_check.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

template <class Message>
Message parsed(const protocol::Frame& frame)
{
    auto message = protocol::parse<Message>(frame);
    const auto written = message.SerializeAsString();
    const auto again = protocol::parse<Message>({frame.type, written, {}});
    fuzz::require(again.SerializeAsString() == written, "a message that is written reads back equal");
    return message;
}

void check_update(const protocol::Frame& frame)
{
    const learning::UpdateMetadata asked{0, 1, 6000, 6000, 188};
    const auto update = parsed<wire::ClientUpdate>(frame);
    const learning::UpdateMetadata claimed{update.training(), update.round(), update.samples(), update.samples_seen(),
                                           update.steps()};
    const std::vector<float> global(4);
    for (const auto& claim : {claimed, asked}) {
        if (learning::refusal(asked, claim, frame.payload, {global, 10'000})) continue;
        fuzz::require(claim == asked, "an update for other work than was asked for is refused");
        for (const auto kind : {spec::AggregationKind::mean, spec::AggregationKind::clipped_mean,
                                spec::AggregationKind::median, spec::AggregationKind::trimmed_mean}) {
            const auto aggregator = coordinator::make_aggregator({.kind = kind, .max_norm = 1, .trim = 0}, global);
            aggregator->add(frame.payload, claim.samples);
            for (const float value : aggregator->result()) fuzz::require(std::isfinite(value), "the model is finite");
        }
    }
}

/// A sum of any words, as it meets the aggregate.
void check_sum(const protocol::Frame& frame)
{
    const auto message = parsed<wire::PartialSum>(frame);
    const std::vector<float> global(frame.payload.size() / learning::PartialSum::narrow_words);
    const auto sum = learning::PartialSum::read(frame.payload, global.size());
    if (!sum || message.samples() == 0 || !(sum->distance_of_mean(message.samples(), global) <= 10'000)) return;
    const auto aggregator = coordinator::make_aggregator({}, global);
    aggregator->add(*sum, message.samples(), static_cast<std::uint64_t>(message.nodes_size()));
    for (const float value : aggregator->result()) fuzz::require(std::isfinite(value), "the model is finite");
}

/// In its envelope, to a coordinator without a secret.
void check_unproven_hello(const protocol::Frame& frame)
{
    fuzz::allow_refusal<ProtocolError>([&] {
        const auto hello = protocol::parse_handshake<wire::Hello>(frame, std::nullopt, "");
        protocol::NodeSet nodes;
        for (const auto& range : hello.nodes())
            if (nodes.append({range.first(), range.last()}))
                fuzz::require(range.last() < protocol::NodeSet::limit, "a hello's nodes are below the limit");
    });
}

/// To servers that know how bytes are normalized, and that don't.
void check_request(protocol::Frame frame)
{
    static_cast<void>(parsed<wire::InferenceRequest>(frame));
    frame.payload_bytes = frame.header.size();
    frame.payload.resize(protocol::floats_for(frame.payload_bytes));
    if (!frame.payload.empty()) std::memcpy(frame.payload.data(), frame.header.data(), frame.payload_bytes);
    const spec::ModelSpec layers{.name = "two pixels", .layers = {spec::Flatten{}, spec::Linear{2}}};
    static const auto model = learning::build_model(layers, {.channels = 2, .height = 1, .width = 1, .classes = 2});
    static const client::RequestImages with_bytes{
        client::ServedModel{.model = model, .normalization = spec::Normalization{}}};
    static const client::RequestImages without{client::ServedModel{.model = model}};
    static const auto pool = std::make_shared<protocol::PayloadPool>();
    for (const auto* images : {&with_bytes, &without}) {
        const auto image = images->image(frame, *pool);
        const auto* const pixels = std::get_if<std::vector<float>>(&image);
        if (!pixels) continue;
        fuzz::require(pixels->size() == 2, "an image has the model's size");
        for (const float pixel : *pixels) fuzz::require(std::isfinite(pixel), "a pixel is finite");
    }
}

void check(const protocol::Frame& frame)
{
    using protocol::MessageType;
    switch (frame.type) {
        case MessageType::hello:
            static_cast<void>(parsed<wire::Hello>(frame));
            check_unproven_hello(frame);
            break;
        case MessageType::welcome:
            static_cast<void>(parsed<wire::Welcome>(frame));
            break;
        case MessageType::ready:
            static_cast<void>(parsed<wire::Ready>(frame));
            break;
        case MessageType::round_model:
        case MessageType::encoded_model:
            static_cast<void>(parsed<wire::RoundModel>(frame));
            break;
        case MessageType::train_node:
            static_cast<void>(parsed<wire::TrainNode>(frame));
            break;
        case MessageType::client_update:
        case MessageType::encoded_update:
            check_update(frame);
            break;
        case MessageType::node_failed:
            static_cast<void>(parsed<wire::NodeFailed>(frame));
            break;
        case MessageType::nodes_held:
            static_cast<void>(parsed<wire::NodesHeld>(frame));
            break;
        case MessageType::partial_sum:
            check_sum(frame);
            break;
        case MessageType::heartbeat:
            static_cast<void>(parsed<wire::Heartbeat>(frame));
            break;
        case MessageType::challenge:
            static_cast<void>(parsed<wire::Challenge>(frame));
            break;
        case MessageType::server_hello:
            static_cast<void>(parsed<wire::ServerHello>(frame));
            break;
        case MessageType::inference_request:
            check_request(frame);
            break;
        case MessageType::inference_answer:
            static_cast<void>(parsed<wire::InferenceAnswer>(frame));
            break;
        case MessageType::inference_refusal:
            static_cast<void>(parsed<wire::InferenceRefusal>(frame));
            break;
        case MessageType::server_metrics_request:
            static_cast<void>(parsed<wire::ServerMetricsRequest>(frame));
            break;
        case MessageType::server_metrics:
            static_cast<void>(parsed<wire::ServerMetrics>(frame));
            break;
        case MessageType::goodbye:
            static_cast<void>(parsed<wire::Goodbye>(frame));
            break;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    protocol::Frame frame;
    frame.type = static_cast<protocol::MessageType>(1 + data[0] % 20);
    frame.header = fuzz::text_of(data + 1, size - 1);
    frame.payload.resize(frame.header.size() / sizeof(float));
    if (!frame.payload.empty())
        std::memcpy(frame.payload.data(), frame.header.data(), frame.payload.size() * sizeof(float));
    fuzz::allow_refusal<ProtocolError>([&] { check(frame); });
    return 0;
}
