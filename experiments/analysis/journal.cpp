#include "experiments/analysis/journal.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "experiments/analysis/book.hpp"

namespace fedgram::experiments::analysis {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::optional<double> number_or_null(const Json& json, const char* key)
{
    const auto& value = json.at(key);
    return value.is_null() ? std::nullopt : std::optional{value.get<double>()};
}

/// Of a key that isn't of every version.
std::optional<double> number_if_there(const Json& json, const char* key)
{
    return json.contains(key) ? number_or_null(json, key) : std::nullopt;
}

const char* kind_name(Load::Kind kind) { return kind == Load::Kind::concurrency ? "concurrency" : "rate_per_s"; }

Json probe_json(const Probe& probe)
{
    const auto& [configuration, load] = probe;
    return {{"device", configuration.device},
            {"variant", configuration.variant},
            {"max_batch", configuration.max_batch},
            {"instances", configuration.instances},
            {"queue_delay_us", configuration.queue_delay_us},
            {kind_name(load.kind), load.amount}};
}

Probe probe_of(const Json& json)
{
    const auto kind = json.contains(kind_name(Load::Kind::rate)) ? Load::Kind::rate : Load::Kind::concurrency;
    return {{json.at("device").get<std::string>(), json.at("variant").get<std::size_t>(),
             json.at("max_batch").get<std::uint32_t>(), json.at("instances").get<std::uint32_t>(),
             json.at("queue_delay_us").get<std::uint32_t>()},
            {kind, json.at(kind_name(kind)).get<double>()}};
}

Json measurement_json(const Measurement& measurement)
{
    const auto& latency = measurement.latency;
    return {{"failure", measurement.failure},
            {"stable", measurement.stable},
            {"throughput_per_s", measurement.throughput_per_s},
            {"requests", latency.requests},
            {"refused", measurement.refused},
            {"p50_ms", or_null(latency.p50_ms)},
            {"p90_ms", or_null(latency.p90_ms)},
            {"p95_ms", or_null(latency.p95_ms)},
            {"p99_ms", or_null(latency.p99_ms)},
            {"mean_ms", or_null(latency.mean_ms)},
            {"mean_queue_ms", or_null(latency.mean_queue_ms)},
            {"memory_bytes", or_null(measurement.memory_bytes)},
            {"accuracy", or_null(measurement.accuracy)},
            {"joules_per_1000", or_null(measurement.joules_per_1000)},
            {"gco2e_per_1000", or_null(measurement.grams_per_1000)},
            {"idle_share", or_null(measurement.idle_share)},
            {"core_seconds_per_1000", or_null(measurement.core_seconds_per_1000)},
            {"usd_per_1000", or_null(measurement.costs.usd)},
            {"device_seconds_per_1000", or_null(measurement.costs.device_seconds)},
            {"busy_share", or_null(measurement.costs.busy_share)},
            {"network_joules_per_1000", or_null(measurement.costs.network_joules)},
            {"network_gco2e_per_1000", or_null(measurement.costs.network_grams)}};
}

Measurement measurement_of(const Json& json)
{
    return {.failure = json.at("failure").get<std::string>(),
            .stable = json.at("stable").get<bool>(),
            .throughput_per_s = json.at("throughput_per_s").get<double>(),
            .latency = {.requests = json.at("requests").get<std::uint64_t>(),
                        .p50_ms = number_or_null(json, "p50_ms"),
                        .p90_ms = number_or_null(json, "p90_ms"),
                        .p95_ms = number_or_null(json, "p95_ms"),
                        .p99_ms = number_or_null(json, "p99_ms"),
                        .mean_ms = number_if_there(json, "mean_ms"),
                        .mean_queue_ms = number_if_there(json, "mean_queue_ms")},
            .refused = json.at("refused").get<std::uint64_t>(),
            .memory_bytes = number_or_null(json, "memory_bytes"),
            .accuracy = number_or_null(json, "accuracy"),
            .joules_per_1000 = number_or_null(json, "joules_per_1000"),
            .grams_per_1000 = number_or_null(json, "gco2e_per_1000"),
            .idle_share = number_or_null(json, "idle_share"),
            .core_seconds_per_1000 = number_or_null(json, "core_seconds_per_1000"),
            .costs = {.usd = number_or_null(json, "usd_per_1000"),
                      .device_seconds = number_or_null(json, "device_seconds_per_1000"),
                      .busy_share = number_or_null(json, "busy_share"),
                      .network_joules = number_or_null(json, "network_joules_per_1000"),
                      .network_grams = number_or_null(json, "network_gco2e_per_1000")}};
}

}  // namespace

Json to_json(const JournalEntry& entry)
{
    auto json = probe_json(entry.probe);
    json.update(measurement_json(entry.measurement));
    return json;
}

JournalEntry entry_from_json(const Json& json, const std::string& where)
{
    try {
        return {probe_of(json), measurement_of(json)};
    } catch (const nlohmann::json::exception& error) {
        // Behind "[json.exception.out_of_range.403] ".
        const std::string_view why = error.what();
        throw DataError{where + " is no measurement: " + std::string{why.substr(why.find("] ") + 2)}};
    }
}

Journal carry_out(Search& search, const Journal& known, const Measure& measure, const Added& added)
{
    const Book book{known.entries};
    auto all = known;
    Journal wanted;
    while (const auto probe = search.next()) {
        const auto* before = book.find(*probe);
        wanted.entries.push_back({*probe, before ? *before : measure(*probe)});
        if (!before) {
            all.entries.push_back(wanted.entries.back());
            if (added) added(all);
        }
        search.measured(wanted.entries.back().measurement);
    }
    return wanted;
}

}  // namespace fedgram::experiments::analysis
