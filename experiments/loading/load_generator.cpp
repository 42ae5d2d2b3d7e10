#include "experiments/loading/load_generator.hpp"

#include <time.h>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <memory>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "common/error/error.hpp"
#include "common/net/address.hpp"
#include "common/net/descriptor_limit.hpp"
#include "common/net/tls.hpp"
#include "common/serving/arrivals.hpp"
#include "experiments/loading/load_measurement.hpp"
#include "experiments/loading/server_connection.hpp"

namespace fedgram::experiments {

namespace {

using Clock = std::chrono::steady_clock;
using protocol::MessageType;
using serving::Nanoseconds;

constexpr Nanoseconds late_sending{1'000'000};
// For what is unanswered when no more is asked, and for the server's own figures.
constexpr std::chrono::seconds patience{30};
// The same, when somebody wants it to end.
constexpr std::chrono::seconds patience_after_signal{2};

// Where more is due than can be sent, answers, windows and signals have their turns, too.
constexpr std::size_t most_in_one_turn = 64;
// Some 100 MB of what is remembered of them.
constexpr std::size_t most_open = 1'000'000;

/// Requests a second of an open loop; 0 of a closed one.
double rate_of(const serving::Load& load)
{
    if (const auto* constant = std::get_if<serving::ConstantRate>(&load)) return constant->per_second;
    if (const auto* poisson = std::get_if<serving::PoissonRate>(&load)) return poisson->per_second;
    return 0;
}

/// Core-seconds of this thread.
Seconds thread_time()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return Seconds{static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9};
}

std::chrono::nanoseconds host_time(Nanoseconds time) { return std::chrono::nanoseconds{time.count()}; }

class Generator {
public:
    explicit Generator(const LoadOptions& options);

    /// Ends the load at SIGINT or SIGTERM.
    void heed_signals();
    /// Throws nothing for what the server does wrong: the result has it.
    [[nodiscard]] LoadResult run();

private:
    enum class Phase { greeting, asking, draining, leaving, over };

    struct Asked {
        Nanoseconds due;
        std::uint32_t image = 0;
        std::uint32_t connection = 0;
    };

    void receive(std::uint32_t connection, MessageType type, const std::string& header, std::span<const float> payload);
    void begin_asking();
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
    /// Once nothing is open: asks the server for its figures.
    void leave();
    void end();
    void be_patient(std::chrono::seconds time);
    void sum_up();
    [[nodiscard]] bool is_over() const;
    [[nodiscard]] Nanoseconds now() const
    {
        return Nanoseconds{std::chrono::nanoseconds{Clock::now() - began_}.count()};
    }

    LoadOptions options_;
    std::optional<net::Tls> tls_;
    asio::io_context context_{1};
    std::vector<std::unique_ptr<ServerConnection>> connections_;
    std::optional<AskedImages> images_;
    std::optional<serving::Arrivals> arrivals_;  // of an open loop
    Nanoseconds due_;                            // its next request
    asio::steady_timer next_{context_};
    asio::steady_timer window_{context_};
    asio::steady_timer patience_{context_};
    asio::signal_set signals_{context_};
    LoadMeasurement measurement_;
    Clock::time_point began_;
    Seconds worked_{};  // by this thread, until then
    std::unordered_map<std::uint64_t, Asked> open_;
    Phase phase_ = Phase::greeting;
    LoadResult result_;
};

void check(const LoadOptions& options)
{
    if (options.connections == 0) throw SpecError{"connections: 0 is not valid; use at least 1"};
    if (options.own ? options.own->images.empty() : options.images == 0)
        throw SpecError{"images: 0 is not valid; use at least 1"};
    const auto* const closed = std::get_if<serving::ClosedLoop>(&options.load);
    if (closed && closed->concurrency == 0) throw SpecError{"concurrency: 0 is not valid; use at least 1"};
    if (options.requests) return;
    if (options.window <= Nanoseconds{})
        throw SpecError{"window: " + std::to_string(options.window.count()) + " ns is not valid; use more than 0"};
    if (options.duration && options.duration->count() < static_cast<std::int64_t>(serving::most_windows))
        throw SpecError{"duration: " + std::to_string(options.duration->count()) +
                        " ns is not valid; use at least a nanosecond for each of ten windows"};
}

/// With some for standard streams, the event loop, signals and files.
int descriptors_for(std::uint32_t connections) { return 16 + static_cast<int>(connections); }

LoadMeasurement measurement_of(const LoadOptions& options)
{
    if (options.requests) return {Nanoseconds{}, std::nullopt, WindowRule::until_they_agree, options.deadline};
    if (!options.duration) return {options.warm_up, options.window, WindowRule::until_they_agree, options.deadline};
    const auto window = options.duration->count() / static_cast<std::int64_t>(serving::most_windows);
    return {options.warm_up, Nanoseconds{window}, WindowRule::ten, options.deadline};
}

Generator::Generator(const LoadOptions& options) : options_{options}, measurement_{measurement_of(options)}
{
    check(options);
    if (const auto* constant = std::get_if<serving::ConstantRate>(&options.load)) arrivals_.emplace(*constant);
    if (const auto* poisson = std::get_if<serving::PoissonRate>(&options.load)) arrivals_.emplace(*poisson);
    if (const auto needed = descriptors_for(options.connections), limit = net::raise_descriptor_limit(); limit < needed)
        throw SystemError{std::to_string(options.connections) + " connections take " + std::to_string(needed) +
                          " file descriptors, and this process may open " + std::to_string(limit) +
                          "; raise that by ulimit -n, or use fewer --connections"};
    if (options.tls) tls_.emplace(net::Tls::of_client(*options.tls, net::host_of(options.address)));
    for (std::uint32_t i = 0; i < options.connections; ++i)
        connections_.push_back(
            std::make_unique<ServerConnection>(context_, options.address, options.secret, tls_ ? &*tls_ : nullptr));
    result_.server = connections_.front()->server();
    auto images = std::exchange(options_.own, std::nullopt);
    if (!images) images = random_images(options.images, options.pixels, result_.server, options.seed);
    images_.emplace(*std::move(images), result_.server);
}

void Generator::heed_signals()
{
    for (const int number : {SIGINT, SIGTERM}) signals_.add(number);
    signals_.async_wait([this](const asio::error_code& cancelled, int number) {
        if (cancelled) return;
        result_.signal_number = number;
        signals_.clear();  // so that a second one ends the process at once
        if (phase_ == Phase::greeting) return end();
        if (phase_ == Phase::asking) stop_asking();
        if (phase_ != Phase::over) be_patient(patience_after_signal);
    });
}

LoadResult Generator::run()
{
    for (std::uint32_t i = 0; i < options_.connections; ++i)
        connections_[i]->start([this, i](MessageType type, const std::string& header, std::span<const float> payload) {
            receive(i, type, header, payload);
        });
    began_ = Clock::now();
    connections_.front()->ask_for_metrics();
    be_patient(patience);
    try {
        context_.run();
    } catch (const ProtocolError& error) {
        result_.failure = error.what();
        result_.after = {};
    }
    if (phase_ == Phase::asking || phase_ == Phase::draining) sum_up();
    result_.lost = open_.size();
    result_.labelled = images_->labelled();
    return std::move(result_);
}

void Generator::begin_asking()
{
    patience_.cancel();
    phase_ = Phase::asking;
    began_ = Clock::now();
    worked_ = thread_time();
    if (arrivals_) {
        due_ = arrivals_->next();
        ask_what_is_due();
    } else {
        const auto concurrency = std::get<serving::ClosedLoop>(options_.load).concurrency;
        for (std::uint32_t i = 0; i < concurrency && !is_over(); ++i) ask(now());
    }
    wait_for_window();
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
    for (std::size_t i = 0; i < most_in_one_turn && !is_over() && due_ <= now(); ++i) {
        if (now() - due_ > late_sending) ++result_.sent_late;
        ask(due_);
        due_ = arrivals_->next();
    }
    if (open_.size() > most_open)
        throw ProtocolError{std::to_string(most_open) + " requests are open, so far is the server behind the rate"};
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
    if (phase_ != Phase::asking) return true;
    if (options_.requests) return result_.sent >= *options_.requests;
    return measurement_.stability() != serving::Stability::open;
}

void Generator::stop_asking()
{
    if (phase_ == Phase::asking) {
        phase_ = Phase::draining;
        if (const auto behind = now() - due_; arrivals_ && !options_.requests && behind >= Nanoseconds{})
            result_.not_sent =
                1 + static_cast<std::uint64_t>(serving::seconds(behind).count() * rate_of(options_.load));
        next_.cancel();
        window_.cancel();
        be_patient(patience);
    }
    if (phase_ == Phase::draining && open_.empty()) leave();
}

void Generator::be_patient(std::chrono::seconds time)
{
    patience_.expires_after(time);
    patience_.async_wait([this](const asio::error_code& cancelled) {
        if (cancelled) return;
        if (result_.signal_number != 0) {
            if (phase_ == Phase::draining) sum_up();
            return end();
        }
        if (open_.empty()) throw ProtocolError{"the server doesn't tell its figures"};
        throw ProtocolError{"the server has lost " + std::to_string(open_.size()) + " requests"};
    });
}

void Generator::sum_up()
{
    const auto end = now();
    const auto [throughput, latency, late] = measurement_.result(end);
    result_.throughput = throughput;
    result_.latency = latency;
    result_.answered_late = late;
    result_.stability = measurement_.stability();
    result_.generator_core = thread_time() - worked_;
    for (const auto& window : measurement_.windows(end)) {
        const auto answers = window.latencies.count();
        result_.windows.push_back({serving::seconds(window.length), answers, window.per_second(),
                                   answers > 0 ? std::optional{window.latencies.mean()} : std::nullopt});
    }
}

void Generator::leave()
{
    sum_up();
    phase_ = Phase::leaving;
    connections_.front()->ask_for_metrics();
    be_patient(result_.signal_number == 0 ? patience : patience_after_signal);
}

void Generator::end()
{
    phase_ = Phase::over;
    patience_.cancel();
    signals_.cancel();
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
    else if (type == MessageType::server_metrics && phase_ == Phase::greeting) {
        result_.before = protocol::parse<wire::ServerMetrics>(frame);
        begin_asking();
    } else if (type == MessageType::server_metrics && phase_ == Phase::leaving) {
        result_.after = protocol::parse<wire::ServerMetrics>(frame);
        end();
    } else if (type == MessageType::goodbye)
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
    images_->answered(asked.image, logits);
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

LoadResult load_server(const LoadOptions& options)
{
    auto result = Generator{options}.run();
    if (result.failure) throw ProtocolError{*result.failure};
    return result;
}

LoadResult load_server_watched(const LoadOptions& options)
{
    Generator generator{options};
    generator.heed_signals();
    return generator.run();
}

}  // namespace fedgram::experiments
