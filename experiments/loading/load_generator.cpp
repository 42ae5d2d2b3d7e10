#include "experiments/loading/load_generator.hpp"

#include <time.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "common/serving/arrivals.hpp"
#include "experiments/loading/load_measurement.hpp"
#include "experiments/loading/server_connection.hpp"

namespace fedgram::experiments {

namespace {

using Clock = std::chrono::steady_clock;
using protocol::MessageType;
using serving::Nanoseconds;

constexpr Nanoseconds late{1'000'000};
// For what is unanswered when no more is asked.
constexpr std::chrono::seconds patience{30};

/// Core-seconds of this thread.
Seconds thread_time()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return Seconds{static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9};
}

std::chrono::nanoseconds host_time(Nanoseconds time) { return std::chrono::nanoseconds{time.count()}; }

/// The images that are asked for, as they go over the wire, and what came of each at first.
class SampleImages {
public:
    SampleImages(const LoadOptions& options, const wire::ServerHello& server) : classes_(options.images)
    {
        const std::size_t pixels = std::size_t{server.channels()} * server.height() * server.width();
        Stream stream{options.seed, Purpose::probe};
        for (std::size_t i = 0; i < options.images; ++i) {
            auto& image = images_.emplace_back();
            if (options.pixels == PixelForm::bytes) {
                for (std::size_t pixel = 0; pixel < pixels; ++pixel)
                    image.push_back(static_cast<std::byte>(stream.below(256)));
                continue;
            }
            std::vector<float> values(pixels);
            std::ranges::generate(values, [&] { return static_cast<float>(stream.uniform()); });
            const auto bytes = std::as_bytes(std::span{values});
            image.assign(bytes.begin(), bytes.end());
        }
    }

    [[nodiscard]] std::size_t size() const { return images_.size(); }
    [[nodiscard]] std::span<const std::byte> operator[](std::size_t image) const { return images_[image]; }

    /// Throws ProtocolError for another class than the first answer had.
    void check(std::size_t image, std::span<const float> logits)
    {
        const auto largest = std::ranges::max_element(logits) - logits.begin();
        auto& first = classes_[image];
        if (!first) first = largest;
        if (*first != largest)
            throw ProtocolError{"the server answers an image with class " + std::to_string(largest) +
                                " that was of class " + std::to_string(*first) + " at first"};
    }

private:
    std::vector<std::vector<std::byte>> images_;
    std::vector<std::optional<std::ptrdiff_t>> classes_;
};

class Generator {
public:
    explicit Generator(const LoadOptions& options);

    [[nodiscard]] LoadResult run();

private:
    struct Asked {
        Nanoseconds due;
        std::uint32_t image = 0;
        std::uint32_t connection = 0;
    };

    void receive(std::uint32_t connection, MessageType type, const std::string& header, std::span<const float> payload);
    void answered(std::uint32_t connection, const wire::InferenceAnswer& answer, std::span<const float> logits);
    void refused(std::uint32_t connection, const wire::InferenceRefusal& refusal);
    /// The request with this id, which is no longer open.
    [[nodiscard]] Asked take(std::uint32_t connection, std::uint64_t id);
    void ask(Nanoseconds due);
    void ask_what_is_due();
    void wait_for_window();
    /// After an answer or refusal: the next request of a closed loop, or the end.
    void go_on();
    void stop_asking();
    [[nodiscard]] bool is_over() const;
    [[nodiscard]] Nanoseconds now() const
    {
        return Nanoseconds{std::chrono::nanoseconds{Clock::now() - began_}.count()};
    }

    LoadOptions options_;
    asio::io_context context_{1};
    std::vector<std::unique_ptr<ServerConnection>> connections_;
    std::optional<SampleImages> images_;
    std::optional<serving::Arrivals> arrivals_;  // of an open loop
    Nanoseconds due_;                            // its next request
    asio::steady_timer next_{context_};
    asio::steady_timer window_{context_};
    asio::steady_timer patience_{context_};
    LoadMeasurement measurement_;
    Clock::time_point began_;
    std::unordered_map<std::uint64_t, Asked> open_;
    bool asking_ = true;
    LoadResult result_;
};

void check(const LoadOptions& options)
{
    if (options.connections == 0) throw SpecError{"connections: 0 is not valid; use at least 1"};
    if (options.images == 0) throw SpecError{"images: 0 is not valid; use at least 1"};
    const auto* const closed = std::get_if<serving::ClosedLoop>(&options.load);
    if (closed && closed->concurrency == 0) throw SpecError{"concurrency: 0 is not valid; use at least 1"};
    if (!options.requests && options.window <= Nanoseconds{})
        throw SpecError{"window: " + std::to_string(options.window.count()) + " ns is not valid; use more than 0"};
}

Generator::Generator(const LoadOptions& options)
    : options_{options},
      measurement_{options.requests ? Nanoseconds{} : options.warm_up,
                   options.requests ? std::nullopt : std::optional{options.window}}
{
    check(options);
    if (const auto* constant = std::get_if<serving::ConstantRate>(&options.load)) arrivals_.emplace(*constant);
    if (const auto* poisson = std::get_if<serving::PoissonRate>(&options.load)) arrivals_.emplace(*poisson);
    for (std::uint32_t i = 0; i < options.connections; ++i)
        connections_.push_back(std::make_unique<ServerConnection>(context_, options.address, options.secret));
    result_.server = connections_.front()->server();
    if (options.pixels == PixelForm::bytes && !result_.server.takes_bytes())
        throw SpecError{"pixels: the server at " + options.address +
                        " takes no bytes, as it doesn't know how its model's were normalized; use float32"};
    images_.emplace(options, result_.server);
}

LoadResult Generator::run()
{
    result_.before = connections_.front()->metrics();
    for (std::uint32_t i = 0; i < options_.connections; ++i)
        connections_[i]->start([this, i](MessageType type, const std::string& header, std::span<const float> payload) {
            receive(i, type, header, payload);
        });
    began_ = Clock::now();
    const auto worked = thread_time();
    if (arrivals_) {
        due_ = arrivals_->next();
        ask_what_is_due();
    } else {
        const auto concurrency = std::get<serving::ClosedLoop>(options_.load).concurrency;
        for (std::uint32_t i = 0; i < concurrency && !is_over(); ++i) ask(now());
    }
    wait_for_window();
    context_.run();
    result_.generator_core = thread_time() - worked;
    context_.restart();
    result_.after = connections_.front()->metrics();
    return std::move(result_);
}

void Generator::ask(Nanoseconds due)
{
    const auto id = ++result_.sent;
    const auto connection = static_cast<std::uint32_t>(id % connections_.size());
    const auto image = static_cast<std::uint32_t>(id % images_->size());
    open_.emplace(id, Asked{due, image, connection});
    connections_[connection]->send(id, (*images_)[image]);
}

void Generator::ask_what_is_due()
{
    while (!is_over() && due_ <= now()) {
        if (now() - due_ > late) ++result_.sent_late;
        ask(due_);
        due_ = arrivals_->next();
    }
    if (is_over()) return stop_asking();
    next_.expires_at(began_ + host_time(due_));
    next_.async_wait([this](const asio::error_code& cancelled) {
        if (!cancelled) ask_what_is_due();
    });
}

void Generator::wait_for_window()
{
    const auto end = measurement_.window_end();
    if (!end) return;
    window_.expires_at(began_ + host_time(*end));
    window_.async_wait([this](const asio::error_code& cancelled) {
        if (cancelled) return;
        measurement_.time_passes(now());
        if (is_over())
            stop_asking();
        else
            wait_for_window();
    });
}

bool Generator::is_over() const
{
    if (options_.requests) return result_.sent >= *options_.requests;
    return measurement_.stability() != serving::Stability::open;
}

void Generator::stop_asking()
{
    if (std::exchange(asking_, false)) {
        next_.cancel();
        window_.cancel();
        patience_.expires_after(patience);
        patience_.async_wait([this](const asio::error_code& cancelled) {
            if (!cancelled) throw ProtocolError{"the server has lost " + std::to_string(open_.size()) + " requests"};
        });
    }
    if (!open_.empty()) return;
    patience_.cancel();
    const auto [throughput, latency] = measurement_.result(now());
    result_.throughput = throughput;
    result_.latency = latency;
    result_.stability = measurement_.stability();
    for (const auto& connection : connections_) connection->stop();
}

void Generator::go_on()
{
    if (is_over())
        stop_asking();
    else if (!arrivals_)
        ask(now());
}

void Generator::receive(std::uint32_t connection, MessageType type, const std::string& header,
                        std::span<const float> payload)
{
    protocol::Frame frame;
    frame.header = header;
    if (type == MessageType::inference_answer)
        answered(connection, protocol::parse<wire::InferenceAnswer>(frame), payload);
    else if (type == MessageType::inference_refusal)
        refused(connection, protocol::parse<wire::InferenceRefusal>(frame));
    else if (type == MessageType::goodbye)
        throw ProtocolError{"the server has said goodbye: " + protocol::parse<wire::Goodbye>(frame).reason()};
    else
        throw ProtocolError{"the server has sent what nobody asked for"};
}

Generator::Asked Generator::take(std::uint32_t connection, std::uint64_t id)
{
    const auto found = open_.find(id);
    if (found == open_.end() || found->second.connection != connection)
        throw ProtocolError{"the server has answered request " + std::to_string(id) +
                            ", which is not open on that connection"};
    const auto asked = found->second;
    open_.erase(found);
    return asked;
}

void Generator::answered(std::uint32_t connection, const wire::InferenceAnswer& answer, std::span<const float> logits)
{
    const auto time = now();
    const auto asked = take(connection, answer.id());
    if (logits.size() != result_.server.classes())
        throw ProtocolError{"the server has answered with " + std::to_string(logits.size()) +
                            " logits where there are " + std::to_string(result_.server.classes()) + " classes"};
    images_->check(asked.image, logits);
    ++result_.answered;
    result_.queued.add(Nanoseconds{static_cast<std::int64_t>(answer.queue_ns())});
    result_.computed.add(Nanoseconds{static_cast<std::int64_t>(answer.compute_ns())});
    measurement_.answered(asked.due, time);
    go_on();
}

void Generator::refused(std::uint32_t connection, const wire::InferenceRefusal& refusal)
{
    static_cast<void>(take(connection, refusal.id()));
    if (refusal.reason() == wire::InferenceRefusal::QUEUE_FULL)
        ++result_.queue_full;
    else if (refusal.reason() == wire::InferenceRefusal::DEADLINE)
        ++result_.expired;
    else
        ++result_.refused_otherwise;
    measurement_.time_passes(now());
    go_on();
}

}  // namespace

LoadResult load_server(const LoadOptions& options) { return Generator{options}.run(); }

}  // namespace fedgram::experiments
