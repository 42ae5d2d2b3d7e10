#include "experiments/calibration/serving_fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

using energy::EvidenceLevel;
using energy::Figure;

Seconds cycle(const ServedLoad& load) { return Seconds{load.mean_batch / load.per_second}; }

std::uint32_t whole_batch(const ServedLoad& load)
{
    return static_cast<std::uint32_t>(std::max(1.0, std::floor(load.mean_batch + 0.5)));
}

/// y = each_batch + each_request x.
struct Line {
    double each_batch = 0;
    double each_request = 0;
};

/// Of what full batches take, by least squares; an error counts by its share of the batch's whole time.
Line line_of(std::span<const ServedLoad> full, const std::function<Seconds(const ServedLoad&)>& value)
{
    double sum = 0;
    double x = 0;
    double xx = 0;
    double y = 0;
    double xy = 0;
    for (const auto& load : full) {
        const double weight = 1 / (cycle(load).count() * cycle(load).count());
        const double batch = load.mean_batch;
        const double of_it = value(load).count();
        sum += weight;
        x += weight * batch;
        xx += weight * batch * batch;
        y += weight * of_it;
        xy += weight * batch * of_it;
    }
    const double spread = sum * xx - x * x;
    if (!(spread > 0)) return {std::max(0.0, y / sum), 0};  // no two sizes
    const double slope = (sum * xy - x * y) / spread;
    const double offset = (y - slope * x) / sum;
    // At the edge of what is possible the best is the best of one part alone.
    if (slope < 0) return {std::max(0.0, y / sum), 0};
    if (offset < 0) return {0, std::max(0.0, xy / xx)};
    return {offset, slope};
}

/// Of server and clients, as measured.
Seconds core_of_batch(const ServedLoad& load) { return (load.server_core + load.client_core) * load.mean_batch; }

/// More of each request, so that a batch of the load takes no less than `needed` of the cores.
double more_of_request(const energy::ServedForm& form, const ServedLoad& load, Seconds needed)
{
    const double takes = form.full_batch_core_s.value + form.full_request_core_s.value * load.mean_batch +
                         form.engine_time(whole_batch(load)).count();
    return std::max(0.0, (needed.count() - takes) / load.mean_batch);
}

/// Of one instance and of several.
double most_per_second(const FittingLoads& loads)
{
    double most = 0;
    for (const auto& load : loads.full) most = std::max(most, load.per_second);
    for (const auto& load : loads.busy) most = std::max(most, load.per_second);
    return most;
}

/// Beside the engine, of each batch.
Seconds server_beside(const ServedLoad& load) { return load.server_core * load.mean_batch - load.computed; }

/// W of the formula in the header, of what it adds to the mean latency: the root of L W^2 + 2 (1 - L a) W - 2 a.
double wake(double added, double rate)
{
    if (added <= 0) return 0;
    const double half = 1 - rate * added;
    return (std::sqrt(half * half + 2 * rate * added) - half) / rate;
}

/// To a tenth of a microsecond: the noise of a measurement is larger.
double rounded(double seconds) { return std::floor(seconds * 1e7 + 0.5) / 1e7; }

double rounded_up(double seconds)
{
    constexpr double of_rounding = 1e-6;  // what already has so few digits stays
    return std::ceil(seconds * 1e7 - of_rounding) / 1e7;
}

Figure fitted(double value, const std::string& how) { return {rounded(value), {}, {}, EvidenceLevel::fitted, how}; }

/// Of the sparse load, by the formula in the header.
double fitted_wake(const energy::ServedForm& form, const FittingLoads& loads)
{
    const double rate = loads.sparse_rate;
    const double service =
        form.batch_s.value + form.request_s.value + form.arrival_s.value + form.engine_time(1).count();
    const double busy = std::min(0.99, rate * service);
    const double queue = service * busy / (2 * (1 - busy));
    return wake(loads.sparse.mean_latency.count() - form.round_trip_s.value - service - queue, rate);
}

/// Each of the two hardly depends on the other.
void fit_open_loops(energy::ServedForm& form, const FittingLoads& loads, const DenseLatency& dense_latency)
{
    constexpr int rounds = 3;
    constexpr int halvings = 14;
    for (int round = 0; round < rounds; ++round) {
        double low = 0;
        // With so much more of each request there is no rate at which it would be dense.
        double high = (form.batch_s.value + form.engine_time(1).count()) / 2;
        for (int i = 0; i < halvings; ++i) {
            form.arrival_s.value = (low + high) / 2;
            (dense_latency(form) < loads.dense.mean_latency ? low : high) = form.arrival_s.value;
        }
        form.arrival_s = fitted(low, "the mean latency of an open loop of " +
                                         text::significant(loads.dense.per_second) + " answers/s in virtual time");
        form.wake_s =
            fitted(fitted_wake(form, loads), "an open loop of " + text::significant(loads.sparse_rate) +
                                                 " requests/s less round trip, service and the queue of M/D/1");
    }
}

}  // namespace

energy::ServedForm fitted_form(energy::ServedForm form, const FittingLoads& loads, const DenseLatency& dense_latency)
{
    assert(loads.full.size() >= 2);
    form.engine.clear();
    for (const auto& load : loads.full) {
        const auto batch = whole_batch(load);
        // Clients that are too slow fill no larger batches.
        if (!form.engine.empty() && batch <= form.engine.back().batch) continue;
        form.engine.push_back({batch, Seconds{rounded(load.usual.count() * batch / load.mean_batch)}});
    }
    const auto beside = line_of(loads.full, [](const auto& load) { return cycle(load) - load.computed; });
    form.batch_s = fitted(beside.each_batch, {});
    form.request_s = fitted(beside.each_request, {});
    const auto how = "least squares over closed loops that fill batches of 1 to " +
                     std::to_string(form.engine.back().batch) + "; S(b) is off by at most " +
                     text::significant(100 * largest_residual(form, loads.full)) + " %";
    form.batch_s.source = form.request_s.source = how;

    const Seconds alone{form.batch_s.value + form.request_s.value + loads.alone.usual.count()};
    const double round_trip = std::max(0.0, loads.alone.mean_latency.count() - alone.count());
    form.round_trip_s = fitted(round_trip, "the latency of one client less S(1)");

    const auto server = line_of(loads.full, server_beside);
    const auto client = line_of(loads.full, [](const auto& load) { return load.client_core * load.mean_batch; });
    const auto core = [&](double value) {
        return fitted(value, "least squares over the core-seconds of the same closed loops");
    };
    form.server_batch_core_s = core(server.each_batch);
    form.server_request_core_s = core(server.each_request);
    form.client_batch_core_s = core(client.each_batch);
    form.client_request_core_s = core(client.each_request);

    if (loads.busy.empty()) {
        form.full_batch_core_s = core(server.each_batch + client.each_batch);
        form.full_request_core_s = core(server.each_request + client.each_request);
    } else {
        // What a batch took in the engine has waiting for a core in it.
        const auto all = line_of(loads.busy, [&](const auto& load) {
            return cycle(load) * loads.cores - form.engine_time(whole_batch(load));
        });
        const auto of_busy = [&](double value) {
            return fitted(value, "least squares over closed loops that fill batches of " + text::shortest(loads.cores) +
                                     " instances");
        };
        form.full_batch_core_s = of_busy(all.each_batch);
        form.full_request_core_s = of_busy(all.each_request);
        double more = 0;
        for (const auto& load : loads.busy)
            more =
                std::max(more, more_of_request(form, load, std::max(cycle(load) * loads.cores, core_of_batch(load))));
        const auto& fullest = loads.full.back();
        // Nobody saw what it takes where all cores are busy.
        if (whole_batch(loads.busy.back()) < whole_batch(fullest))
            more = std::max(more, more_of_request(form, fullest, core_of_batch(fullest)));
        form.full_request_core_s.value = rounded_up(form.full_request_core_s.value + more);
    }
    form.most_per_s = Figure{std::ceil(most_per_second(loads) * 10) / 10,
                             {},
                             {},
                             EvidenceLevel::measured,
                             "the most that closed loops were answered, on one instance or several"};

    fit_open_loops(form, loads, dense_latency);  // by all of the above
    return form;
}

double largest_residual(const energy::ServedForm& form, std::span<const ServedLoad> full)
{
    double largest = 0;
    for (const auto& load : full) {
        const auto batch = whole_batch(load);
        const double takes = form.batch_s.value + form.request_s.value * batch + form.engine_time(batch).count();
        largest = std::max(largest, std::abs(takes * load.mean_batch / batch / cycle(load).count() - 1));
    }
    return largest;
}

}  // namespace fedgram::experiments
