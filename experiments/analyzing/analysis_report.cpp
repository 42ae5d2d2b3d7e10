#include "experiments/analyzing/analysis_report.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "experiments/analyzing/answer_text.hpp"
#include "experiments/analyzing/profile_figures.hpp"

namespace fedgram::experiments {

namespace {

constexpr double light_load = 0.1;  // most servers wait most of the time

/// A least throughput is asked of all devices together.
bool keeps(const analysis::Goal& goal, analysis::Measurement measured, double per_second)
{
    measured.throughput_per_s = per_second;
    return analysis::keeps(goal, measured);
}

constexpr unsigned most_tried_here = 3;  // of other numbers of devices, each of which takes up to half a minute

/// Whether the p99 alone, which nobody knows of so few answers, decides on the goal.
bool lacks_answers(const analysis::Goal& goal, analysis::Measurement measured, double per_second)
{
    const auto bound = std::ranges::find(goal.constraints, analysis::Metric::p99, &analysis::Constraint::metric);
    if (bound == goal.constraints.end() || !measured.failure.empty() || !measured.stable) return false;
    if (measured.latency.p99_ms || measured.refused > 0) return false;
    if (measured.latency.requests >= requests_of_a_p99()) return false;
    measured.latency.p99_ms = bound->bound;
    return keeps(goal, measured, per_second);
}

LoadRow measured_row(const AnalyzedServer& server, const analysis::Measure& measure, const analysis::Goal& goal,
                     const analysis::Configuration& configuration, std::string load, double per_second,
                     std::uint64_t devices)
{
    const analysis::Probe probe{
        configuration, {.kind = analysis::Load::Kind::rate, .amount = per_second / static_cast<double>(devices)}};
    const auto measured = measure(probe);
    return {.load = std::move(load),
            .per_second = per_second,
            .devices = devices,
            .p99_ms = measured.latency.p99_ms,
            .requests = measured.latency.requests,
            .p99_unknown = lacks_answers(goal, measured, per_second),
            .joules_per_1000 = measured.joules_per_1000,
            .grams_per_1000 = measured.grams_per_1000,
            .joules_band = server.joules_band(probe, measured),
            .idle_share = measured.idle_share,
            .core_seconds_per_1000 = measured.core_seconds_per_1000,
            .costs = measured.costs,
            .stable = measured.stable,
            .keeps_constraints = keeps(goal, measured, per_second)};
}

/// More devices have less to do each, so that from some number on they keep a p99, or none does.
bool keeps_p99(const analysis::Goal& goal, const LoadRow& row)
{
    const auto bound = std::ranges::find(goal.constraints, analysis::Metric::p99, &analysis::Constraint::metric);
    return bound == goal.constraints.end() || (row.stable && row.p99_ms && *row.p99_ms <= bound->bound);
}

/// Of the fewest devices that keep the p99, from the `least` of which none is at capacity; of these where no number
/// does that leaves each a hundredth of its capacity or more.
LoadRow stated_row(const AnalyzedServer& server, const analysis::Measure& measure, const analysis::Goal& goal,
                   const analysis::Configuration& configuration, double per_second, std::uint64_t least)
{
    const auto of = [&](std::uint64_t devices) {
        return measured_row(server, measure, goal, configuration, "as stated", per_second, devices);
    };
    auto first = of(least);
    if (keeps_p99(goal, first) || first.p99_unknown) return first;
    constexpr std::uint64_t most_times = 128;
    unsigned tried = 0;
    const auto may_try = [&] { return server.is_virtual() || tried++ < most_tried_here; };
    const auto in_vain = [&](const std::string& why) {
        auto without = first;
        without.load += why;
        return without;
    };
    auto too_few = least;
    auto enough = least;
    auto row = first;
    while (!keeps_p99(goal, row)) {
        if (enough >= most_times * least) return in_vain(", no number keeps the p99");
        if (!may_try()) return in_vain(", up to " + std::to_string(enough) + " devices don't keep the p99");
        too_few = enough;
        enough *= 2;
        row = of(enough);
        if (row.p99_unknown) return in_vain(", p99 of " + std::to_string(enough) + " devices unknown");
    }
    while (enough - too_few > 1 && may_try()) {
        const auto middle = too_few + (enough - too_few) / 2;
        auto of_middle = of(middle);
        if (keeps_p99(goal, of_middle)) {
            enough = middle;
            row = std::move(of_middle);
        } else {
            too_few = middle;
        }
    }
    return row;
}

/// `best` is at another load, of the same memory and accuracy.
analysis::Measurement measured_at_capacity(analysis::Measurement best, const LoadRow& at_capacity)
{
    best.stable = at_capacity.stable;
    best.refused = 0;
    best.latency.p99_ms = at_capacity.p99_ms;
    best.latency.requests = at_capacity.requests.value_or(requests_of_a_p99());
    best.joules_per_1000 = at_capacity.joules_per_1000;
    best.grams_per_1000 = at_capacity.grams_per_1000;
    best.core_seconds_per_1000 = at_capacity.core_seconds_per_1000;
    best.costs = at_capacity.costs;
    return best;
}

std::vector<LoadRow> load_rows(const AnalyzedServer& server, LoadRow at_capacity, const analysis::Measure& measure,
                               const analysis::Goal& goal, const analysis::JournalEntry& best,
                               std::optional<double> stated)
{
    const double capacity = at_capacity.per_second;
    const auto& configuration = best.probe.configuration;
    const auto measured = measured_at_capacity(best.measurement, at_capacity);
    at_capacity.p99_unknown = lacks_answers(goal, measured, capacity);
    at_capacity.keeps_constraints = keeps(goal, measured, capacity);
    std::vector<LoadRow> rows{std::move(at_capacity)};
    if (!(capacity > 0)) return rows;
    rows.push_back(measured_row(server, measure, goal, configuration, "10 % of capacity", light_load * capacity, 1));
    if (stated)
        rows.push_back(stated_row(server, measure, goal, configuration, *stated,
                                  static_cast<std::uint64_t>(std::floor(*stated / capacity)) + 1));
    return rows;
}

/// Whose time a p99 is, and where a bound of it would be broken for clients.
std::vector<std::string> boundary_notes(const AnalysisReport& report)
{
    std::vector<std::string> notes{
        "p99 is the server's, from when a request was due: without the network to its client."};
    const auto bound = std::ranges::find(report.goal.constraints, analysis::Metric::p99, &analysis::Constraint::metric);
    for (const auto& [device, summary] : report.devices) {
        if (!summary.client_s) continue;
        const auto saw = milliseconds_text(*summary.client_s);
        const bool is_broken = bound != report.goal.constraints.end() && summary.client_s->value * 1e3 > bound->bound;
        notes.push_back(device + ": its clients saw " + saw + " (" + summary.client_s->source + ")" +
                        (is_broken ? ", so that for them a p99 of " +
                                         analysis::metric_text(analysis::Metric::p99, bound->bound) + " isn't kept."
                                   : "."));
    }
    return notes;
}

/// Where throughput alone is looked for at one rate.
std::vector<std::string> rate_notes(const AnalysisReport& report)
{
    const auto& loads = report.space.loads;
    const auto& objectives = report.goal.objectives;
    if (loads.size() != 1 || loads.front().kind != analysis::Load::Kind::rate || objectives.size() != 1 ||
        objectives.front().metric != analysis::Metric::throughput)
        return {};
    return {
        "At one rate all that is stable answers it alike, so that the fewest instances with the smallest batches stand "
        "first; --objective joules or p99 tells them apart."};
}

std::string load_note(bool is_virtual)
{
    return std::string{
               "At 10 % of capacity few requests wait for each other, and batches are small: a device can be "
               "busy most of the time all the same, as its capacity is that of full batches."} +
           (is_virtual ? " At capacity requests pile up, so that no p99 is known or kept." : "");
}

// A quick search measures few loads. In virtual time the others cost little, so that curves have all that a walk would.
std::vector<analysis::CurvePoint> curve_of(const AnalyzedServer& server, const analysis::Space& space,
                                           const analysis::Goal& goal, const analysis::Configuration& configuration,
                                           std::span<const analysis::JournalEntry> entries)
{
    std::vector<analysis::JournalEntry> own;
    for (const auto& entry : entries)
        if (entry.probe.configuration == configuration) own.push_back(entry);
    for (const auto& load : space.loads) {
        const analysis::Probe probe{configuration, load};
        if (std::ranges::find(own, probe, &analysis::JournalEntry::probe) == own.end())
            own.push_back({probe, server.measure(probe)});
    }
    return analysis::result_of(own, space, goal).best.front().curve;
}

}  // namespace

AnalysisReport report_of(const AnalyzedServer& server, const analysis::Space& space, const analysis::Goal& goal,
                         std::span<const analysis::JournalEntry> entries, std::optional<double> stated,
                         const analysis::Measure& measure)
{
    AnalysisReport report;
    report.model = server.model().name;
    report.space = space;
    report.goal = goal;
    report.prices = server.prices();
    report.stated_per_s = stated;
    report.profiles.assign(server.profiles().begin(), server.profiles().end());
    for (const auto& variant : server.model().variants) report.variants.push_back(variant.variant);
    for (const auto& device : space.devices) report.devices[device] = server.summary(device);
    report.result = analysis::result_of(entries, space, goal);
    report.sentence = analysis::result_sentence(report.result, space, goal, report.variants);
    for (auto& standing : report.result.best) {
        const auto& configuration = standing.best.probe.configuration;
        if (server.is_virtual()) standing.curve = curve_of(server, space, goal, configuration, entries);
        report.loads.push_back(
            load_rows(server, server.at_capacity(configuration, entries), measure, goal, standing.best, stated));
        report.joules_bands.push_back(server.joules_band(standing.best.probe, standing.best.measurement));
    }
    if (const auto& standing = report.result.by_default)
        report.default_joules_band = server.joules_band(standing->best.probe, standing->best.measurement);
    report.notes = {assumptions_note(server.prices(), stated)};
    std::ranges::copy(standing_notes(report.profiles), std::back_inserter(report.notes));
    std::ranges::copy(boundary_notes(report), std::back_inserter(report.notes));
    std::ranges::copy(rate_notes(report), std::back_inserter(report.notes));
    report.notes.push_back(load_note(server.is_virtual()));
    std::ranges::copy(server.notes(), std::back_inserter(report.notes));
    if (const auto unstable =
            std::ranges::count(entries, false, [](const auto& one) { return one.measurement.stable; });
        unstable > 0)
        report.notes.push_back(std::to_string(unstable) + " of " + std::to_string(entries.size()) +
                               " measurements never got stable, and stand behind all that did.");
    return report;
}

}  // namespace fedgram::experiments
