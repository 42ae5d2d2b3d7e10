#include "client/serving/server.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <cassert>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>
#include <utility>

#include "client/serving/metrics_text.hpp"
#include "common/error/error.hpp"
#include "common/error/standard_streams.hpp"
#include "common/http/local_only.hpp"
#include "common/http/metrics_page.hpp"
#include "common/http/server.hpp"
#include "common/net/address.hpp"
#include "common/net/descriptor_limit.hpp"
#include "common/net/exposure.hpp"
#include "common/protocol/proof.hpp"

namespace fedgram::client {

namespace {

using namespace std::chrono_literals;
using protocol::MessageType;
using serving::Nanoseconds;

constexpr std::size_t most_connections = 256;

// Of frames that a peer doesn't take: their headers and payloads, and what the outbox needs for each.
constexpr std::size_t most_unsent_bytes = 512 * 1024;
constexpr std::size_t bytes_beside_logits = 300;

// A peer that says nothing holds a place and no more; a heartbeat keeps it.
constexpr auto longest_silence = 300s;
// While something waits to be sent to it.
constexpr auto longest_without_reading = 10s;

constexpr std::uint32_t request_header_limit = 64;

std::size_t window_for(std::size_t classes)
{
    return std::clamp<std::size_t>(most_unsent_bytes / (bytes_beside_logits + classes * sizeof(float)), 16, 2048);
}

/// `what` the instance `i` doesn't get.
SystemError no_room(std::uint32_t i, std::uint32_t instances, const std::string& what)
{
    return SystemError{"--instances: number " + std::to_string(i + 1) + " of " + std::to_string(instances) +
                       " gets no " + what + "; use fewer, or free memory (ulimit -v) and threads (ulimit -u)"};
}

}  // namespace

Server::Server(asio::io_context& context, asio::ip::tcp::acceptor acceptor, net::Admission admission,
               const ServedModel& model, const serving::BatcherSettings& settings, std::chrono::seconds grace)
    : context_{context},
      model_{model},
      settings_{settings},
      grace_{grace},
      admission_{std::move(admission)},
      images_{model},
      window_{window_for(model.model.shape.classes)},
      payloads_{std::make_shared<protocol::PayloadPool>()},
      began_{net::Clock::now()},
      batcher_{settings},
      timer_{context},
      grace_over_{context},
      authenticator_{context, std::move(acceptor), admission_,
                     [this](net::AuthenticatedPeer peer) { admit(std::move(peer)); }}
{
    for (std::uint32_t i = 0; i < settings.instances; ++i) {
        auto& place = *places_.emplace_back(std::make_unique<Place>());
        try {
            place.instance =
                std::make_unique<Instance>(model, [this, i] { asio::post(context_, [this, i] { batch_done(i); }); });
        } catch (const std::system_error& error) {
            throw no_room(i, settings.instances, "thread (" + error.code().message() + ")");
        } catch (const std::bad_alloc&) {
            throw no_room(i, settings.instances, "memory");
        }
    }
}

void Server::open() { authenticator_.open(); }

void Server::stop()
{
    if (std::exchange(stopping_, true)) return;
    authenticator_.close();
    grace_over_.expires_after(grace_);
    grace_over_.async_wait([this](const asio::error_code& cancelled) {
        if (cancelled) return;
        if (said_goodbye_) {
            for (const auto& connection : connections_) connection->channel->close();
            return;
        }
        spdlog::warn("told to stop {} s ago: {} requests that wait, and what is computed, stay without an answer",
                     grace_.count(), batcher_.waiting());
        end();
    });
    carry_out(batcher_.end_delay(now()));
    end_if_idle();
}

wire::ServerMetrics Server::metrics() const { return counts_.metrics(batcher_.waiting(), connections_.size(), now()); }

void Server::admit(net::AuthenticatedPeer peer)
{
    const auto connection = std::make_shared<Connection>();
    const auto text = peer.channel->peer();
    connection->address = text.substr(0, text.rfind(':'));
    connection->channel = std::move(peer.channel);
    auto& channel = *connection->channel;
    channel.set_limits({.header_bytes = request_header_limit, .inference_bytes = images_.most_bytes()}, payloads_);
    const auto spawned = [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    };
    const bool crowded = connections_.size() >= most_connections;
    connections_.insert(connection);
    if (crowded || stopping_) {
        wire::Goodbye goodbye;
        goodbye.set_failed(true);
        goodbye.set_reason(stopping_ ? "the server stops"
                                     : "the server has " + std::to_string(most_connections) +
                                           " connections, and takes no more");
        channel.post(protocol::frame(MessageType::goodbye, goodbye));
        channel.finish();
    } else {
        channel.post(greeting(peer.hello.nonce()));
        asio::co_spawn(context_, read(connection), spawned);
    }
    asio::co_spawn(context_, write(connection), spawned);
}

protocol::OutgoingFrame Server::greeting(const std::string& nonce) const
{
    const auto& shape = model_.model.shape;
    wire::ServerHello hello;
    hello.set_model(model_.model.name);
    hello.set_arithmetic(model_.arithmetic());
    hello.set_channels(shape.channels);
    hello.set_height(shape.height);
    hello.set_width(shape.width);
    hello.set_classes(shape.classes);
    hello.set_takes_bytes(images_.takes_bytes());
    hello.set_max_batch(settings_.max_batch);
    hello.set_instances(settings_.instances);
    hello.set_model_bytes(model_.bytes());
    return protocol::handshake_frame(MessageType::server_hello, hello, admission_.secret, nonce);
}

asio::awaitable<void> Server::write(std::shared_ptr<Connection> connection)
{
    try {
        co_await connection->channel->run_outbox(longest_without_reading);
    } catch (const std::exception&) {
        // It has gone, or takes nothing: there is nobody left to tell.
    }
    connection->channel->close();
    connections_.erase(connection);
    if (said_goodbye_ && connections_.empty()) end();
}

asio::awaitable<void> Server::read(std::shared_ptr<Connection> connection)
{
    try {
        co_await hear(connection);
    } catch (const Timeout&) {
        // Silent for too long.
    } catch (const ProtocolError& error) {
        if (const auto line =
                troubles_.note(connection->address, net::RejectionReason::garbage, error.what(), net::Clock::now()))
            spdlog::warn("{}", *line);
    } catch (const std::system_error&) {
        // It has ended the connection.
    }
    connection->channel->close();
}

asio::awaitable<void> Server::hear(std::shared_ptr<Connection> connection)
{
    auto& channel = *connection->channel;
    for (;;) {
        while (connection->unanswered + channel.posted() >= window_) co_await channel.something_sent();
        auto frame = co_await channel.receive(longest_silence);
        switch (frame.type) {
            case MessageType::inference_request:
                take_request(connection, std::move(frame));
                break;
            case MessageType::server_metrics_request:
                channel.post(protocol::frame(MessageType::server_metrics, metrics()));
                break;
            case MessageType::heartbeat:
                break;
            case MessageType::goodbye:
                channel.finish();
                co_return;
            default:
                throw ProtocolError{"a message that no client of a server sends"};
        }
    }
}

void Server::take_request(const std::shared_ptr<Connection>& connection, protocol::Frame frame)
{
    const auto id = protocol::parse<wire::InferenceRequest>(frame).id();
    if (stopping_) return refuse(*connection, id, wire::InferenceRefusal::STOPPING);
    auto image = images_.image(std::move(frame), *payloads_);
    if (const auto* reason = std::get_if<wire::InferenceRefusal::Reason>(&image))
        return refuse(*connection, id, *reason);
    const auto arrival = now();
    waiting_.push_back({connection, id, std::get<std::vector<float>>(std::move(image)), arrival});
    ++connection->unanswered;
    carry_out(batcher_.request_arrives(serving::RequestId{++last_request_}, arrival));
    counts_.waits(batcher_.waiting());
}

void Server::refuse(Connection& connection, std::uint64_t id, wire::InferenceRefusal::Reason reason)
{
    counts_.refused(reason);
    wire::InferenceRefusal refusal;
    refusal.set_id(id);
    refusal.set_reason(reason);
    connection.channel->post(protocol::frame(MessageType::inference_refusal, refusal));
}

void Server::carry_out(const serving::Decision& decision)
{
    const auto drop = [this](Pending pending, wire::InferenceRefusal::Reason reason) {
        --pending.connection->unanswered;
        refuse(*pending.connection, pending.id, reason);
        payloads_->give_back(std::move(pending.image));
    };
    if (decision.refused) {
        drop(std::move(waiting_.back()), wire::InferenceRefusal::QUEUE_FULL);
        waiting_.pop_back();
    }
    for (std::size_t i = 0; i < decision.expired.size(); ++i) {
        drop(std::move(waiting_.front()), wire::InferenceRefusal::DEADLINE);
        waiting_.pop_front();
    }
    if (!decision.batch.empty()) begin_batch(decision);
    assert(waiting_.size() == batcher_.waiting());
    wake_at(decision.wake_at);
}

void Server::begin_batch(const serving::Decision& decision)
{
    auto& place = *places_[decision.instance];
    place.begun = now();
    place.batch.clear();
    std::vector<std::span<const float>> images;
    images.reserve(decision.batch.size());
    for (std::size_t i = 0; i < decision.batch.size(); ++i) {
        images.emplace_back(place.batch.emplace_back(std::move(waiting_.front())).image);
        waiting_.pop_front();
    }
    place.instance->begin(std::move(images));
}

void Server::batch_done(std::uint32_t instance)
{
    auto& place = *places_[instance];
    const auto logits = place.instance->logits();
    const std::size_t classes = model_.model.shape.classes;
    counts_.batch_ended(place.batch.size(), place.instance->took());
    wire::InferenceAnswer answer;
    answer.set_batch_size(static_cast<std::uint32_t>(place.batch.size()));
    answer.set_compute_ns(static_cast<std::uint64_t>(place.instance->took().count()));
    for (std::size_t i = 0; i < place.batch.size(); ++i) {
        auto& pending = place.batch[i];
        const auto queued = place.begun - pending.arrival;
        counts_.answered(queued);
        --pending.connection->unanswered;
        answer.set_id(pending.id);
        answer.set_queue_ns(static_cast<std::uint64_t>(queued.count()));
        const auto own = logits.subspan(i * classes, classes);
        pending.connection->channel->post(protocol::frame(
            MessageType::inference_answer, answer, std::make_shared<const std::vector<float>>(own.begin(), own.end())));
        payloads_->give_back(std::move(pending.image));
    }
    place.batch.clear();
    carry_out(batcher_.instance_is_free(instance, now()));
    end_if_idle();
}

void Server::wake_at(std::optional<Nanoseconds> time)
{
    // A timer that rings too early only asks the batcher once more.
    if (!time || (rings_at_ && *rings_at_ <= *time)) return;
    rings_at_ = time;
    timer_.expires_at(began_ + std::chrono::nanoseconds{time->count()});
    timer_.async_wait([this](const asio::error_code& cancelled) {
        if (cancelled) return;
        rings_at_.reset();
        carry_out(batcher_.time_passes(now()));
        end_if_idle();
    });
}

void Server::end_if_idle()
{
    if (!stopping_ || said_goodbye_ || batcher_.waiting() > 0 || is_computing()) return;
    said_goodbye_ = true;
    wire::Goodbye goodbye;
    goodbye.set_reason("the server stops");
    for (const auto& connection : connections_)
        connection->channel->post(protocol::frame(MessageType::goodbye, goodbye));
    timer_.cancel();
    // A connection that is closed with something unread takes along what its peer hasn't read yet: so the peers close
    // them, who know that they have all.
    if (connections_.empty()) end();
}

void Server::end()
{
    // Behind the ends of those that read from connections which have just been closed.
    asio::post(context_, [this] { context_.stop(); });
}

Nanoseconds Server::now() const
{
    const std::chrono::nanoseconds since = net::Clock::now() - began_;
    return Nanoseconds{since.count()};
}

void run_server(const ServerOptions& options)
{
    const auto model = read_served_model(options.model);
    if (!model.doubt.empty()) spdlog::warn("{}: {}", options.model.string(), model.doubt);
    net::Admission admission{options.secret};
    if (options.tls) admission.tls = std::make_shared<const net::Tls>(net::Tls::of_coordinator(*options.tls));
    asio::io_context context{1};
    const auto endpoint = net::parse_address(context, options.listen);
    static_cast<void>(
        net::exposure_notice(endpoint, admission.tls ? net::Encryption::tls : net::Encryption::none,
                             admission.secret ? net::Invitation::secret : net::Invitation::none,
                             options.insecure_listen ? net::Insecurity::wanted : net::Insecurity::refused));
    if (const auto needed = net::descriptors_for(most_connections), limit = net::raise_descriptor_limit();
        limit < needed)
        throw SystemError{std::to_string(most_connections) + " connections take " + std::to_string(needed) +
                          " file descriptors, and this process may open " + std::to_string(limit) +
                          "; raise that by ulimit -n"};
    auto acceptor = net::listen(context, endpoint, "--listen HOST:PORT");
    const auto address = net::to_string(acceptor.local_endpoint());
    Server server{context, std::move(acceptor), std::move(admission), model, options.batcher, options.grace};
    std::optional<http::Server> page;
    if (options.metrics)
        page.emplace(net::listen(context, http::local_endpoint(context, *options.metrics, "--metrics"), "--metrics"),
                     [&](const http::Request& request) {
                         return http::metrics_answer(request, [&] { return metrics_text(server.metrics()); });
                     });
    server.open();
    if (page) {
        page->start();
        spdlog::info("metrics are at http://{}/metrics", net::to_string(page->endpoint()));
    }

    int signal_number = 0;
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](const asio::error_code& error, int number) {
        if (error) return;
        signal_number = number;
        signals.clear();  // so that a second one ends the process at once
        server.stop();
    });
    std::printf("listening %s\n", address.c_str());
    if (!output_has_arrived()) return;  // nobody knows where it listens; the program ends with that error
    context.run();
    // Its destructor would wait for a batch, however long that takes.
    if (server.is_computing()) std::_Exit(128 + signal_number);
    throw Interrupted{signal_number};
}

}  // namespace fedgram::client
