#include "experiments/analyzing/measured_server.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/serving/windows.hpp"
#include "common/text/number_text.hpp"
#include "experiments/analyzing/attempts.hpp"
#include "experiments/analyzing/latency_of.hpp"
#include "experiments/analyzing/load_energy.hpp"
#include "experiments/analyzing/machine_text.hpp"
#include "experiments/analyzing/measured_load.hpp"
#include "experiments/analyzing/measured_row.hpp"

namespace fedgram::experiments {

MeasuredServer::MeasuredServer(ServedModel model, std::vector<std::filesystem::path> files, ServingPrices prices,
                               MeasuringOptions options)
    : model_{std::move(model)},
      files_{std::move(files)},
      prices_{std::move(prices)},
      options_{std::move(options)},
      machine_{machine_text()}
{
}

analysis::Space MeasuredServer::space() const
{
    analysis::Space space;
    space.variants = places_of_variants(model_);
    std::erase_if(space.instances, [cores = energy::usable_cores()](std::uint32_t count) { return count > cores; });
    return space;
}

analysis::Measurement MeasuredServer::measure(const analysis::Probe& probe) const { return tried(probe, {}); }

analysis::Measurement MeasuredServer::measure_row(const analysis::Probe& probe) const
{
    return tried(probe, time_of_row(probe.load.amount, options_.shortest));
}

analysis::Measurement MeasuredServer::tried(const analysis::Probe& probe, const std::optional<Seconds>& duration) const
{
    constexpr unsigned most_trials = 2;
    for (unsigned made = 1;; ++made) {
        try {
            return loaded(probe, duration);
        } catch (const ProtocolError& error) {
            if (made == most_trials) return {.failure = "here: " + std::string{error.what()}};
        }
    }
}

analysis::Measurement MeasuredServer::loaded(const analysis::Probe& probe, const std::optional<Seconds>& duration) const
{
    const auto variant = probe.configuration.variant;
    const auto [load, meters, took] = measured_load(
        files_[variant], probe, {.shortest = options_.shortest, .duration = duration, .sys = options_.sys});

    analysis::Measurement measured;
    measured.stable =
        duration ? keeps_up(load) : load.stability == serving::Stability::stable && !falls_behind(load, probe.load);
    measured.throughput_per_s = load.throughput;
    measured.latency = latency_of(load.latency, load.queued);
    measured.refused = load.queue_full + load.expired + load.refused_otherwise;
    measured.memory_bytes = static_cast<double>(load.after.resident_bytes());
    measured.accuracy = model_.variants[variant].variant.accuracy;
    if (load.answered == 0) return measured;
    measured.core_seconds_per_1000 = 1000 * load.core_seconds_per_answer();
    auto joules = metered_joules(meters, took);
    if (joules)
        joules = *joules * (1000 / static_cast<double>(load.answered)) * prices_.pue;
    else if (options_.core_power)
        joules = modelled(*measured.core_seconds_per_1000, options_.core_power->likely());
    measured.costs = costs_of(prices_, measured.throughput_per_s, joules, {});
    const double cores = energy::usable_cores();
    measured.costs.busy_share =
        std::min(1.0, *measured.core_seconds_per_1000 / (*measured.costs.device_seconds * cores));
    if (!joules) return measured;
    measured.joules_per_1000 = joules->count();
    if (prices_.grid) measured.grams_per_1000 = (*joules * *prices_.grid).count();
    return measured;
}

LoadRow MeasuredServer::at_capacity(const analysis::Configuration& configuration,
                                    std::span<const analysis::JournalEntry> measured) const
{
    LoadRow row{.load = "most that was measured", .stable = false};
    for (const auto& [probe, of_it] : measured) {
        const auto better = std::pair{of_it.stable, of_it.throughput_per_s} > std::pair{row.stable, row.per_second};
        if (probe.configuration != configuration || !better) continue;
        row.stable = of_it.stable;
        row.per_second = of_it.throughput_per_s;
        row.p99_ms = of_it.latency.p99_ms;
        row.requests = of_it.latency.requests;
        row.joules_per_1000 = of_it.joules_per_1000;
        row.grams_per_1000 = of_it.grams_per_1000;
        row.core_seconds_per_1000 = of_it.core_seconds_per_1000;
        row.costs = of_it.costs;
        row.joules_band = joules_band(probe, of_it);
    }
    return row;
}

bool MeasuredServer::has_joules() const
{
    return options_.core_power || !energy::discover_machine(options_.sys).meters.empty();
}

Joules MeasuredServer::modelled(double core_seconds, Watts of_a_core) const
{
    return of_a_core * Seconds{core_seconds} * prices_.pue;
}

std::optional<text::Band> MeasuredServer::joules_band(const analysis::Probe& /*probe*/,
                                                      const analysis::Measurement& measured) const
{
    const auto& core = options_.core_power;
    if (!core || core->low() == core->high() || !measured.core_seconds_per_1000) return std::nullopt;
    const double seconds = *measured.core_seconds_per_1000;
    // A meter's joules aren't these to the last bit.
    if (measured.joules_per_1000 != modelled(seconds, core->likely()).count()) return std::nullopt;
    return text::Band{modelled(seconds, core->low()).count(), modelled(seconds, core->high()).count()};
}

DeviceSummary MeasuredServer::summary(const std::string& /*device*/) const
{
    return {machine_, has_joules() && prices_.usd_per_kwh ? UsdBasis::electricity : UsdBasis::unknown, {}};
}

std::string MeasuredServer::why_unknown(analysis::Metric metric) const
{
    using analysis::Metric;
    if (metric == Metric::accuracy) return why_no_accuracy(model_);
    if (metric == Metric::grams && !prices_.grid) return "nobody says where the machine is; give --country";
    if (metric != Metric::joules && metric != Metric::grams && metric != Metric::usd) return {};
    return has_joules() ? std::string{} : "no meter of this machine works; give the watts of a busy core by --core-w";
}

std::vector<std::string> MeasuredServer::notes() const
{
    std::vector<std::string> notes{
        "here: " + machine_ + ", which server and load generator share.",
        "Measured in windows of " + text::significant(options_.shortest.count() / double{serving::agreeing_windows}) +
            " s, until three in a row agree; where no three of ten do, in windows twice and four times as long. What "
            "else the machine does is in the figures. Core-seconds are the server's. Loads at a rate beside the "
            "search's "
            "are measured once, for as long as a p99 needs, " +
            text::shortest(longest_row.count()) + " s at most.",
        "Memory is what of the server's process is resident, weights, activations and buffers alike.", energy_note(),
        usd_note()};
    if (prices_.network) notes.push_back(network_note(*prices_.network));
    if (!prices_.grid) notes.emplace_back("No grams: no --country says where the machine is.");
    return notes;
}

std::string MeasuredServer::usd_note() const
{
    if (!has_joules() || !prices_.usd_per_kwh) return "No USD: without joules electricity has no price.";
    return "USD are of electricity alone, at " + text::shortest(prices_.usd_per_kwh->value) + " a kWh (" +
           prices_.usd_per_kwh->source + "); nobody says what the machine costs.";
}

std::string MeasuredServer::energy_note() const
{
    const auto times_pue = prices_.pue == 1 ? "" : ", times a PUE of " + text::shortest(prices_.pue);
    const auto found = energy::discover_machine(options_.sys);
    std::string meters;
    for (const auto& meter : found.meters)
        meters +=
            (meters.empty() ? "" : ", ") + meter->name() + " (" + std::string{energy::name(meter->boundary())} + ")";
    if (!meters.empty())
        return "Joules are measured by the meter that encloses the most of " + meters +
               ": all that it encloses, waiting and load generator included" + times_pue + ".";
    if (options_.core_power)
        return "Joules are modelled: the server's core-seconds at the stated " +
               text::shortest(options_.core_power->likely().count()) +
               " W of a busy core, without what the machine draws idle" + times_pue + ".";
    std::string why;
    for (const auto& meter : found.unavailable) why += (why.empty() ? "" : "; ") + meter.name + ": " + meter.reason;
    return "No joules: no meter of this machine works (" + why + "), and no --core-w states what a busy core draws.";
}

std::string MeasuredServer::subject() const
{
    nlohmann::ordered_json all{{"machine", machine_}, {"seconds", options_.shortest.count()}, {"pue", prices_.pue}};
    if (prices_.grid) all["grid"] = prices_.grid->count();
    if (prices_.usd_per_kwh) all["usd_per_kwh"] = prices_.usd_per_kwh->value;
    if (prices_.network) all["network_joules"] = prices_.network->each.count();
    if (options_.core_power) all["core_w"] = options_.core_power->likely().count();
    for (std::size_t i = 0; i < files_.size(); ++i) {
        const auto bytes = files::read_file(files_[i]);
        all["variants"].push_back({model_.variants[i].variant.name, files::sha256(std::as_bytes(std::span{bytes}))});
    }
    return all.dump();
}

}  // namespace fedgram::experiments
