#include "experiments/analyzing/analysis_report.hpp"

#include <algorithm>
#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

constexpr double light_load = 0.1;  // most servers wait most of the time

LoadRow measured_row(const VirtualServer& server, const analysis::Configuration& configuration, std::string load,
                     double per_second, std::uint64_t devices)
{
    const auto measured = server.measure(
        {configuration, {.kind = analysis::Load::Kind::rate, .amount = per_second / static_cast<double>(devices)}});
    return {std::move(load),         per_second,         devices, measured.latency.p99_ms, measured.joules_per_1000,
            measured.grams_per_1000, measured.idle_share};
}

LoadRow capacity_row(const VirtualServer& server, const analysis::Configuration& configuration)
{
    LoadRow row{.load = "at capacity", .per_second = server.capacity(configuration)};
    const auto joules = server.joules_at_capacity(configuration);
    if (!joules) return row;
    row.joules_per_1000 = joules->count();
    if (const auto& grid = server.prices().grid) row.grams_per_1000 = (*joules * *grid).count();
    if (server.device(configuration.device).profile.idle_w) row.idle_share = 0;
    return row;
}

std::vector<LoadRow> load_rows(const VirtualServer& server, const analysis::Configuration& configuration,
                               std::optional<double> stated)
{
    const double capacity = server.capacity(configuration);
    std::vector<LoadRow> rows{capacity_row(server, configuration)};
    rows.push_back(measured_row(server, configuration, "10 % of capacity", light_load * capacity, 1));
    if (stated)
        rows.push_back(measured_row(server, configuration, "as stated", *stated,
                                    static_cast<std::uint64_t>(std::floor(*stated / capacity)) + 1));
    return rows;
}

// A climb measures few loads. In virtual time the others cost little, so that curves have all that a walk would.
std::vector<analysis::CurvePoint> curve_of(const VirtualServer& server, const analysis::Space& space,
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

std::vector<std::string> notes_of(const VirtualServer& server)
{
    std::vector<std::string> notes;
    for (const auto& [profile, one_by_one] : server.devices()) {
        const bool is_in_data_centre = profile.device_class == energy::DeviceClass::datacenter;
        auto note = profile.id + ": watts enclose the " + profile.boundary +
                    (is_in_data_centre ? ", times a PUE of " + text::shortest(server.prices().pue) : "");
        if (!profile.busy_w && !one_by_one)
            note += "; its watts aren't known, so neither are joules";
        else if (!profile.idle_w)
            note += "; its idle watts aren't known, so that joules are those of its busy time alone";
        notes.push_back(note + ".");
        if (const auto& client = profile.client_s)
            notes.push_back(profile.id + ": p99 is the server's; its clients saw " +
                            (client->low ? text::shortest(*client->low * 1e3) + " to " : std::string{}) +
                            text::shortest(client->value * 1e3) + " ms (" + client->source + ").");
    }
    if (!server.prices().grid) notes.emplace_back("No grams: no --country says where the devices are.");
    if (std::ranges::any_of(server.model().variants, [](const auto& one) { return !one.variant.accuracy; }))
        notes.emplace_back("Accuracy is known of what was evaluated alone.");
    notes.emplace_back(
        "In virtual time on device profiles, not measured: S(b) = floor + max(b MACs / rate, (weights + b activations) "
        "/ bandwidth).");
    return notes;
}

}  // namespace

AnalysisReport report_of(const VirtualServer& server, const analysis::Space& space, const analysis::Goal& goal,
                         std::span<const analysis::JournalEntry> entries, std::optional<double> stated)
{
    AnalysisReport report;
    report.model = server.model().name;
    report.space = space;
    report.goal = goal;
    for (const auto& variant : server.model().variants) report.variants.push_back(variant.variant);
    report.result = analysis::result_of(entries, space, goal);
    report.sentence = analysis::result_sentence(report.result, space, goal, report.variants);
    for (auto& standing : report.result.best) {
        const auto& configuration = standing.best.probe.configuration;
        standing.curve = curve_of(server, space, goal, configuration, entries);
        report.loads.push_back(load_rows(server, configuration, stated));
    }
    report.notes = notes_of(server);
    return report;
}

}  // namespace fedgram::experiments
