#include "experiments/analysis/surrogate.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "experiments/analysis/metric.hpp"
#include "experiments/analysis/octaves.hpp"

namespace fedgram::experiments::analysis {

namespace {

constexpr double least_share = 1.0 / 4096;  // of a sample in what a request by itself takes
constexpr double nearest = 0.01;            // squared octaves, below which all is equally near
constexpr double weight_of_used = 4;        // which says more than the others
constexpr double weight_of_largest = 0.25;  // which says less where it isn't filled

double squared(double x) { return x * x; }

double squared_octaves(double a, double b) { return squared(octaves(a) - octaves(b)); }

std::optional<double> p99_of(const Measurement& one) { return value_of(one, Metric::p99); }

double distance(const Flow& a, const Configuration& of_a, const Flow& b, const Configuration& of_b)
{
    const auto waiting = [](const Flow& flow) { return flow.throughput * flow.latency / flow.batch / flow.used; };
    return squared_octaves(a.batch, b.batch) + weight_of_used * squared_octaves(a.used, b.used) +
           squared_octaves(waiting(a), waiting(b)) +
           weight_of_largest * squared_octaves(of_a.max_batch, of_b.max_batch) +
           squared_octaves(of_a.instances, of_b.instances);
}

}  // namespace

bool ran(const JournalEntry& entry)
{
    return entry.measurement.failure.empty() && entry.measurement.throughput_per_s > 0;
}

double ServerFigures::batch_seconds(double batch, double used) const
{
    const double on_device = std::max(weights, each * batch);
    return std::max(floor + on_device, used * on_device / units);
}

Flow ServerFigures::flow(const Probe& probe) const
{
    const double instances = probe.configuration.instances;
    const double largest = probe.configuration.max_batch;
    const double clients = probe.load.amount;
    if (probe.load.kind == Load::Kind::rate) return {largest, instances, probe.load.amount, 1};

    const double used = std::min(instances, clients);
    const auto takes = [&](double batch) { return batch_seconds(batch, used); };
    const double gathered = clients - used;
    if (gathered < 1) return {1, used, used / takes(1), takes(1)};
    const double remain = clients - used * largest;
    if (largest == 1 || remain >= used) {
        const bool is_full = largest == 1 || remain >= largest;
        const double throughput =
            is_full ? used * largest / takes(largest) : used * clients / (used * takes(largest) + takes(remain));
        return {largest, used, throughput, std::ceil(clients / used / largest) * takes(largest)};
    }
    if (used == 1) {
        // One of them, and all others, take turns.
        const double turn = takes(1) + takes(gathered);
        return {gathered, 1, clients / turn, turn};
    }
    const double full_batches = std::floor(gathered / largest);
    const double rest = gathered - full_batches * largest;
    const double wait = takes(1) / 2 / (used - full_batches);
    double throughput = full_batches * largest / (takes(largest) + wait);
    if (rest >= 1) throughput += rest / (takes(rest) + wait);
    throughput += std::max(0.0, used - full_batches - (rest >= 1 ? 1 : 0)) / takes(1);
    const double batch = full_batches > 0 ? largest : rest;
    return {batch, used, throughput, std::max(takes(batch) + takes(1), clients / throughput)};
}

Surrogate::Surrogate(std::span<const JournalEntry> entries)
{
    for (const auto& entry : entries) {
        if (ran(entry))
            known_.push_back({entry});
        else
            failed_.push_back(entry);
    }
    assert(!known_.empty());
    fit();
    for (auto& [entry, flow] : known_) flow = figures_.flow(entry.probe);

    const auto of_an_instance = [](const Known& one) {
        const auto& all = one.entry.measurement.memory_bytes;
        return all ? std::optional{*all / one.entry.probe.configuration.instances} : std::nullopt;
    };
    const auto seconds = [](const Known& one) { return 1 / one.entry.measurement.throughput_per_s; };
    memory_ = line([](const Known& one) { return 1.0 * one.entry.probe.configuration.max_batch; }, of_an_instance);
    joules_ = line(seconds, [](const Known& one) { return one.entry.measurement.joules_per_1000; });
    grams_ = line(seconds, [](const Known& one) { return one.entry.measurement.grams_per_1000; });
    usd_ = line(seconds, [](const Known& one) { return one.entry.measurement.costs.usd; });
    core_seconds_ = line([](const Known& one) { return 1 / one.flow.batch; },
                         [](const Known& one) { return one.entry.measurement.core_seconds_per_1000; });
}

void Surrogate::fit()
{
    double most_instances = 1;
    for (const auto& one : known_)
        most_instances = std::max(most_instances, 1.0 * one.entry.probe.configuration.instances);
    // In shares of what a request by itself takes. What comes first expects the most of batches and instances, and
    // stands where nothing fits better.
    double least = std::numeric_limits<double>::infinity();
    for (double each = least_share; each <= 1; each *= std::sqrt(2.0))
        for (const double weights : {0.0, 0.3, 0.6, 0.9})
            for (double units = most_instances + 1; units >= 1; --units)
                try_figures({(1 - each) * (1 - weights), (1 - each) * weights, each, units}, least);
}

void Surrogate::try_figures(const ServerFigures& figures, double& least)
{
    const auto ratio = [&](const Known& one) {
        return figures.flow(one.entry.probe).throughput / one.entry.measurement.throughput_per_s;
    };
    double mean = 0;
    for (const auto& one : known_) mean += ratio(one) / static_cast<double>(known_.size());
    double off = 0;
    for (const auto& one : known_) off += squared((ratio(one) - mean) / (ratio(one) + mean));
    constexpr double rounding = 1e-9;
    if (off >= least - rounding) return;
    least = off;
    figures_ = {figures.floor * mean, figures.weights * mean, figures.each * mean, figures.units};
}

template <class X, class Y>
Surrogate::Line Surrogate::line(X x, Y y) const
{
    // slope (x / y) + offset (1 / y) = 1
    double xx = 0;
    double xo = 0;
    double oo = 0;
    double sum_x = 0;
    double sum_o = 0;
    for (const auto& one : known_) {
        const std::optional<double> value = y(one);
        if (!value || *value <= 0) continue;
        const double of_x = x(one) / *value;
        const double of_offset = 1 / *value;
        xx += of_x * of_x;
        xo += of_x * of_offset;
        oo += of_offset * of_offset;
        sum_x += of_x;
        sum_o += of_offset;
    }
    if (xx == 0) return {};
    constexpr double rounding = 1e-9;
    const double determinant = xx * oo - xo * xo;
    if (determinant > rounding * xx * oo) {
        const Line both{(sum_x * oo - sum_o * xo) / determinant, (sum_o * xx - sum_x * xo) / determinant};
        if (both.slope < 0) return {0, sum_o / oo};
        if (both.offset >= 0) return both;
    }
    return {sum_x / xx, 0};
}

template <class Measured, class Modelled>
std::optional<double> Surrogate::as_nearby(const Known& place, Measured measured, Modelled modelled) const
{
    double sum = 0;
    double weights = 0;
    for (const auto& one : known_) {
        const std::optional<double> value = measured(one.entry.measurement);
        if (!value || modelled(one) <= 0) continue;
        const double weight = 1 / squared(nearest + distance(place.flow, place.entry.probe.configuration, one.flow,
                                                             one.entry.probe.configuration));
        sum += weight * *value / modelled(one);
        weights += weight;
    }
    return weights > 0 ? std::optional{sum / weights * modelled(place)} : std::nullopt;
}

Measurement Surrogate::expected(const Probe& probe) const
{
    const auto& [configuration, load] = probe;
    for (const auto& [failed, measurement] : failed_)
        if (failed.configuration.instances <= configuration.instances &&
            failed.configuration.max_batch <= configuration.max_batch)
            return measurement;
    bool has_p99 = true;
    Measurement expected;
    for (const auto& [entry, flow] : known_) {
        const auto& [measured, amount] = entry.probe;
        if (entry.probe == probe) return entry.measurement;
        if (measured != configuration || amount.amount > load.amount) continue;
        expected.stable = expected.stable && entry.measurement.stable;
        has_p99 = has_p99 && p99_of(entry.measurement);
    }
    Known place{{probe, {}}, figures_.flow(probe)};
    const auto throughput = as_nearby(
        place, [](const Measurement& one) { return std::optional{one.throughput_per_s}; },
        [](const Known& one) { return one.flow.throughput; });
    expected.throughput_per_s = place.entry.measurement.throughput_per_s = *throughput;
    if (has_p99) expected.latency.p99_ms = as_nearby(place, p99_of, [](const Known& one) { return one.flow.latency; });
    expected.accuracy = known_.front().entry.measurement.accuracy;
    expected.memory_bytes = as_nearby(
        place, [](const Measurement& one) { return one.memory_bytes; },
        [&](const Known& one) {
            const auto& of = one.entry.probe.configuration;
            return of.instances * memory_.at(of.max_batch);
        });
    const auto priced = [&](const Line& line, auto figure) {
        return as_nearby(place, figure,
                         [&](const Known& one) { return line.at(1 / one.entry.measurement.throughput_per_s); });
    };
    expected.joules_per_1000 = priced(joules_, [](const Measurement& one) { return one.joules_per_1000; });
    expected.grams_per_1000 = priced(grams_, [](const Measurement& one) { return one.grams_per_1000; });
    expected.costs.usd = priced(usd_, [](const Measurement& one) { return one.costs.usd; });
    const auto& costs = known_.front().entry.measurement.costs;  // an answer's bytes are the same in all
    expected.costs.network_joules = costs.network_joules;
    expected.costs.network_grams = costs.network_grams;
    expected.core_seconds_per_1000 = as_nearby(
        place, [](const Measurement& one) { return one.core_seconds_per_1000; },
        [&](const Known& one) { return core_seconds_.at(1 / one.flow.batch); });
    return expected;
}

}  // namespace fedgram::experiments::analysis
