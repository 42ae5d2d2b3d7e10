#include "experiments/loading/load_report.hpp"

#include <cmath>
#include <csignal>
#include <variant>

#include <nlohmann/json.hpp>

#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;
using serving::Stability;

double ms(Seconds time) { return time.count() * 1e3; }
double ms(serving::Nanoseconds time) { return ms(serving::seconds(time)); }

Json ms_json(const std::optional<Seconds>& time) { return time ? Json(ms(*time)) : Json(nullptr); }

std::string counted(std::uint64_t count, const std::string& one, const std::string& several)
{
    return std::to_string(count) + " " + (count == 1 ? one : several);
}

/// Requests a second of an open loop; nothing of a closed one.
std::optional<double> rate_of(const serving::Load& load)
{
    if (const auto* constant = std::get_if<serving::ConstantRate>(&load)) return constant->per_second;
    if (const auto* poisson = std::get_if<serving::PoissonRate>(&load)) return poisson->per_second;
    return std::nullopt;
}

/// Without an exponent, which a round number of thousands would have.
std::string rate_text(double rate)
{
    return rate == std::floor(rate) ? std::to_string(std::llround(rate)) : text::shortest(rate);
}

std::string load_words(const LoadOptions& options)
{
    if (const auto rate = rate_of(options.load))
        return "open loop, " + rate_text(*rate) + " requests a second, " +
               (std::holds_alternative<serving::PoissonRate>(options.load)
                    ? "Poisson (seed " + std::to_string(options.seed) + ")"
                    : "evenly");
    return "closed loop of " + counted(std::get<serving::ClosedLoop>(options.load).concurrency, "client", "clients");
}

std::string ending_words(const LoadResult& result)
{
    if (result.failure) return "ended early: " + *result.failure;
    if (result.signal_number == 0) return {};
    return std::string{"ended early by "} + (result.signal_number == SIGINT ? "SIGINT" : "SIGTERM") +
           ": this is what there is by then";
}

// What makes latencies of a slow server look too good: Gil Tene, "How NOT to Measure Latency".
std::string omission_words(const LoadOptions& options)
{
    if (rate_of(options.load))
        return "Latency counts from when a request was due, however late it was sent: a server that is held up shows "
               "it in "
               "all that waits meanwhile (no coordinated omission).";
    return "A closed loop asks less while the server is slow, so what users would have queued meanwhile isn't in these "
           "latencies (coordinated omission); --rate counts them.";
}

std::string windows_words(const LoadOptions& options, const LoadResult& result)
{
    if (options.requests) return "none: from the first request to the last answer";
    if (result.windows.empty()) return "none: it ended while the server was warming up";
    auto words = std::to_string(result.windows.size()) + " of " +
                 text::significant(result.windows.front().length.count()) + " s, ";
    const auto last = options.duration ? "all count" : "the last three count";
    if (result.stability == Stability::open) return words + "of which " + last + "; too few to say that it is stable";
    const auto agree = " agree within 10 % in throughput and mean latency";
    if (result.stability == Stability::stable) return words + "stable: the last three" + agree + "; " + last;
    return words + "not stable: " + (options.duration ? "of the last three not all" : "no three in a row") + agree +
           "; " + last;
}

std::string latency_words(const serving::LatencySummary& latency)
{
    if (!latency.mean) return "none";
    return "mean " + text::significant(ms(*latency.mean)) + " ms" +
           (latency.standard_error
                ? " with a standard error of " + text::significant(ms(*latency.standard_error), 2) + " ms"
                : "") +
           ", of " + counted(latency.requests, "answer", "answers");
}

std::string percentiles_table(const serving::LatencySummary& latency)
{
    text::TextTable table{text::FlushRight::all_but_the_first};
    table.add({"percentile", "ms", "answers", "needed"});
    for (const auto& one : latency.percentiles)
        table.add({"p" + std::to_string(one.percent), one.value ? text::significant(ms(*one.value)) : "too few",
                   std::to_string(one.requests), std::to_string(one.needed)});
    return table.text();
}

std::string server_words(const LoadResult& result, const std::string& address)
{
    const auto& server = result.server;
    return server.model() + " in " + server.arithmetic() + " at " + address + ": " +
           counted(server.instances(), "instance", "instances") + ", batches of at most " +
           std::to_string(server.max_batch());
}

std::string refused_words(const LoadResult& result)
{
    return std::to_string(result.queue_full) + " (queue full), " + std::to_string(result.expired) +
           " (the server's deadline), " + std::to_string(result.refused_otherwise) + " (otherwise)";
}

std::uint64_t refused_requests(const LoadResult& result)
{
    return result.queue_full + result.expired + result.refused_otherwise;
}

Json percentiles_json(const serving::LatencySummary& latency)
{
    auto all = Json::array();
    for (const auto& one : latency.percentiles)
        all.push_back({{"percent", one.percent},
                       {"ms", ms_json(one.value)},
                       {"requests", one.requests},
                       {"requests_needed", one.needed}});
    return all;
}

Json windows_json(const LoadResult& result)
{
    auto all = Json::array();
    for (const auto& window : result.windows)
        all.push_back({{"seconds", window.length.count()},
                       {"answers", window.answers},
                       {"per_second", window.per_second},
                       {"mean_ms", ms_json(window.mean)}});
    return all;
}

Json server_json(const LoadResult& result)
{
    const auto& server = result.server;
    Json json{{"model", server.model()},
              {"arithmetic", server.arithmetic()},
              {"shape", {server.channels(), server.height(), server.width()}},
              {"classes", server.classes()},
              {"instances", server.instances()},
              {"max_batch", server.max_batch()},
              {"model_bytes", server.model_bytes()}};
    const bool known = result.has_server_figures();
    const bool told = result.answered > 0;
    json["mean_batch"] = known && told ? Json(result.mean_batch()) : Json(nullptr);
    json["mean_queued_ms"] = told ? Json(ms(result.queued.mean())) : Json(nullptr);
    json["mean_computed_ms"] = told ? Json(ms(result.computed.mean())) : Json(nullptr);
    json["core_seconds_per_1000"] = known && told ? Json(1000 * result.core_seconds_per_answer()) : Json(nullptr);
    json["resident_bytes"] = known ? Json(result.after.resident_bytes()) : Json(nullptr);
    return json;
}

}  // namespace

std::string load_text(const LoadOptions& options, const std::string& images, const LoadResult& result)
{
    auto text = server_words(result, options.address) + "\n" + load_words(options) + ", over " +
                counted(options.connections, "connection", "connections") + (options.tls ? " with TLS" : "") + "; " +
                images + "\n";
    if (const auto early = ending_words(result); !early.empty()) text += early + "\n";

    text += "throughput: " + text::significant(result.throughput) +
            " answers a second\nlatency: " + latency_words(result.latency) + "\n";
    if (result.latency.mean) text += percentiles_table(result.latency);
    text += "windows: " + windows_words(options, result) + "\n";
    text += "requests: " + std::to_string(result.sent) + " sent, " + std::to_string(result.answered) + " answered, " +
            std::to_string(result.lost) + " lost; refused: " + refused_words(result) + "\n";
    if (options.deadline)
        text += "deadline: " + std::to_string(result.answered_late) + " of " +
                counted(result.latency.requests, "measured answer", "measured answers") + " came later than " +
                text::shortest(ms(*options.deadline)) + " ms; " +
                counted(refused_requests(result), "request was", "requests were") +
                " refused in all, and are none of these\n";
    if (rate_of(options.load))
        text += "sent late: " + counted(result.sent_late, "request", "requests") +
                ", by more than 1 ms, as this process was held up; the wait is in the latency\n" +
                (result.not_sent > 0 ? "not sent: about " + std::to_string(result.not_sent) +
                                           " that were due by the end; this process can't keep up with the rate, and "
                                           "their wait is in no latency\n"
                                     : "");
    if (result.labelled)
        text += "accuracy: " + text::percent(result.labelled->accuracy()) + ", " +
                std::to_string(result.labelled->right) + " right of " +
                counted(result.labelled->images, "test image", "test images") + "\n";
    if (result.answered > 0)
        text += "answers: each image had one class in all its answers\nin the server: queued " +
                text::significant(ms(result.queued.mean())) + " ms, computed " +
                text::significant(ms(result.computed.mean())) + " ms on average" +
                (result.has_server_figures()
                     ? "; batches of " + text::significant(result.mean_batch()) + "; " +
                           text::significant(1000 * result.core_seconds_per_answer()) +
                           " core-seconds for 1,000 answers; " +
                           text::significant(static_cast<double>(result.after.resident_bytes()) / 1e6) + " MB resident"
                     : "") +
                "\n";
    return text + omission_words(options) + "\n";
}

nlohmann::ordered_json load_json(const LoadOptions& options, const std::string& images, const LoadResult& result)
{
    const auto rate = rate_of(options.load);
    Json load{{"loop", rate ? "open" : "closed"}};
    if (rate) {
        load["per_second"] = *rate;
        load["arrivals"] = std::holds_alternative<serving::PoissonRate>(options.load) ? "poisson" : "constant";
    } else {
        load["concurrency"] = std::get<serving::ClosedLoop>(options.load).concurrency;
    }
    load["connections"] = options.connections;
    load["seed"] = options.seed;
    load["images"] = images;
    const auto& latency = result.latency;
    Json json{{"address", options.address},
              {"tls", options.tls.has_value()},
              {"server", server_json(result)},
              {"load", std::move(load)}};
    json["failure"] = result.failure ? Json(*result.failure) : Json(nullptr);
    json["signal"] = result.signal_number == 0 ? Json(nullptr) : Json(result.signal_number);
    json["throughput_per_s"] = result.throughput;
    json["latency"] = {{"requests", latency.requests},
                       {"mean_ms", ms_json(latency.mean)},
                       {"standard_error_ms", ms_json(latency.standard_error)},
                       {"percentiles", percentiles_json(latency)}};
    json["stable"] = result.stability == Stability::open ? Json(nullptr) : Json(result.stability == Stability::stable);
    json["windows"] = windows_json(result);
    json["requests"] = {{"sent", result.sent},
                        {"answered", result.answered},
                        {"queue_full", result.queue_full},
                        {"expired", result.expired},
                        {"refused_otherwise", result.refused_otherwise},
                        {"lost", result.lost},
                        {"sent_late", result.sent_late},
                        {"not_sent", result.not_sent}};
    json["deadline"] = options.deadline ? Json{{"ms", ms(*options.deadline)},
                                               {"answers", latency.requests},
                                               {"answered_late", result.answered_late},
                                               {"refused", refused_requests(result)}}
                                        : Json(nullptr);
    json["accuracy"] = result.labelled ? Json{{"images", result.labelled->images},
                                              {"right", result.labelled->right},
                                              {"share", result.labelled->accuracy()}}
                                       : Json(nullptr);
    json["note"] = omission_words(options);
    return json;
}

}  // namespace fedgram::experiments
