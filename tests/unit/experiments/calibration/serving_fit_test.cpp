#include "experiments/calibration/serving_fit.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "common/energy/pricing/batch_service.hpp"
#include "common/random/stream.hpp"
#include "common/serving/simulation.hpp"
#include "experiments/analyzing/virtual_load.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

// A server whose figures are known: engine(b) = 50 + 25 b us, 40 us of a batch and 1 us of a request beside it, 60 us
// of round trip; of the cores 70 + 5 b us beside the engine, and 10 + 6 b us of clients.
double engine_us(double batch) { return 50 + 25 * batch; }
double cycle_us(double batch) { return engine_us(batch) + 40 + batch; }

ServedLoad load(double batch, double cycle, double latency_us)
{
    const auto us = [](double time) { return Seconds{time * 1e-6}; };
    return {.per_second = 1e6 * batch / cycle,
            .mean_latency = us(latency_us),
            .mean_batch = batch,
            .computed = us(engine_us(batch)),
            .usual = us(engine_us(batch)),
            .server_core = us((engine_us(batch) + 70 + 5 * batch) / batch),
            .client_core = us((10 + 6 * batch) / batch)};
}

FittingLoads loads()
{
    FittingLoads loads;
    loads.alone = load(1, cycle_us(1) + 60, cycle_us(1) + 60);
    for (const double batch : {1., 2., 4., 8., 16., 32.}) loads.full.push_back(load(batch, cycle_us(batch), 0));
    loads.sparse_rate = 2000;
    loads.sparse = load(1, 500, 0);
    loads.dense = load(4, 250, 0);
    return loads;
}

double microseconds(const energy::Figure& figure) { return figure.value * 1e6; }

Seconds no_time(const energy::ServedForm&) { return Seconds{1}; }

analysis::Probe at_rate(double per_second, std::uint32_t max_batch)
{
    return {{.max_batch = max_batch}, {analysis::Load::Kind::rate, per_second}};
}

Seconds virtual_mean(const energy::ServedForm& form, const analysis::Probe& probe)
{
    energy::BatchService service;
    service.form = form;
    service.cores = 2;
    return virtual_load(service, probe).latency.mean.value();
}

}  // namespace

TEST_CASE("Loads of a server whose figures are known give these figures", "[calibration]")
{
    const auto form = fitted_form({}, loads(), no_time);
    CHECK(microseconds(form.batch_s) == Approx(40));
    CHECK(microseconds(form.request_s) == Approx(1));
    CHECK(microseconds(form.round_trip_s) == Approx(60));
    CHECK(microseconds(form.server_batch_core_s) == Approx(70));
    CHECK(microseconds(form.server_request_core_s) == Approx(5));
    CHECK(microseconds(form.client_batch_core_s) == Approx(10));
    CHECK(microseconds(form.client_request_core_s) == Approx(6));
    CHECK(microseconds(form.full_batch_core_s) == Approx(80));
    CHECK(microseconds(form.full_request_core_s) == Approx(11));
    REQUIRE(form.engine.size() == 6);
    CHECK(form.engine.back().batch == 32);
    CHECK(form.engine_time(32).count() == Approx(850e-6));
    CHECK(form.batch_s.evidence == energy::EvidenceLevel::fitted);
    CHECK(largest_residual(form, loads().full) == Approx(0).margin(1e-9));
}

// Two cores of which none ever sleeps do engine(b) + 20 + 9 b us for a batch.
TEST_CASE("Where all cores are busy the core-seconds are those of all together", "[calibration]")
{
    auto both = loads();
    both.cores = 2;
    for (const double batch : {1., 32.}) {
        both.busy.push_back(load(batch, (engine_us(batch) + 20 + 9 * batch) / 2, 0));
        both.busy.back().computed = Seconds{1};  // it waited for its core
        both.busy.back().server_core = Seconds{(engine_us(batch) + 15 + 4 * batch) * 1e-6 / batch};
        both.busy.back().client_core = Seconds{(5 + 5 * batch) * 1e-6 / batch};
    }
    const auto form = fitted_form({}, both, no_time);
    CHECK(microseconds(form.full_batch_core_s) == Approx(20));
    CHECK(microseconds(form.full_request_core_s) == Approx(9));
    CHECK(microseconds(form.server_batch_core_s) == Approx(70));
}

// Two instances of an event loop that is busy: batches of 8 where 32 were asked for, of which the line knows nothing.
TEST_CASE("No fit promises more than was measured, nor a batch in fewer core-seconds", "[calibration]")
{
    auto bound = loads();
    bound.cores = 2;
    bound.busy = {load(1, 60, 0), load(8, 140, 0)};  // 16,667 and 57,143 a second
    for (auto& one : bound.busy) one.server_core = one.client_core = Seconds{1e-6};
    energy::BatchService service;
    service.cores = 2;
    service.form = fitted_form({}, bound, no_time);
    CHECK(service.form->most_per_s->value == Approx(57'142.9));
    CHECK(service.form->most_per_s->evidence == energy::EvidenceLevel::measured);
    // What one instance and its clients took of a batch of 32: 850 + 70 + 160 + 10 + 192 us.
    CHECK(service.work(32).count() >= 1282e-6 * (1 - 1e-9));
    // A line that is bent at 0 lies below one of both.
    bound.busy = {load(1, 60, 0), load(32, 432, 0)};
    bound.busy.front().server_core = Seconds{118e-6};  // of 120 core-us
    service.form = fitted_form({}, bound, no_time);
    for (const auto& one : bound.busy)
        CHECK(service.work(static_cast<std::uint32_t>(one.mean_batch)).count() >=
              2 * one.mean_batch / one.per_second * (1 - 1e-9));
}

TEST_CASE("What an open loop takes more is found again", "[calibration]")
{
    // Virtual time with known figures takes the place of the measurement.
    auto truth = fitted_form({}, loads(), no_time);
    truth.arrival_s.value = 7e-6;
    truth.wake_s.value = 50e-6;
    const auto sparse = at_rate(2000, 1);
    const auto dense = at_rate(18'000, 32);
    auto measured = loads();
    measured.sparse.mean_latency = virtual_mean(truth, sparse);
    measured.dense.mean_latency = virtual_mean(truth, dense);
    const auto form =
        fitted_form({}, measured, [&](const energy::ServedForm& so_far) { return virtual_mean(so_far, dense); });
    CHECK(microseconds(form.arrival_s) == Approx(7).margin(0.2));
    // The formula is of infinitely many requests.
    CHECK(microseconds(form.wake_s) == Approx(50).margin(3));
    CHECK(virtual_mean(form, dense).count() == Approx(measured.dense.mean_latency.count()).epsilon(0.01));
    CHECK(virtual_mean(form, sparse).count() == Approx(measured.sparse.mean_latency.count()).epsilon(0.02));
}

TEST_CASE("No part of a fit is below 0", "[calibration]")
{
    auto falling = loads();
    // Less for each request than nothing: the best line without a slope is the weighted mean.
    for (auto& one : falling.full)
        one.per_second = 1e6 * one.mean_batch / (engine_us(one.mean_batch) + 60 - one.mean_batch);
    const auto flat = fitted_form({}, falling, no_time);
    CHECK(flat.request_s.value == 0);
    CHECK(microseconds(flat.batch_s) > 28);
    CHECK(microseconds(flat.batch_s) < 59);
    auto quick = loads();
    quick.alone.mean_latency = Seconds{1e-6};
    quick.sparse.mean_latency = Seconds{1e-6};
    quick.dense.mean_latency = Seconds{1e-6};
    const auto form = fitted_form({}, quick, no_time);
    CHECK(form.round_trip_s.value == 0);
    CHECK(form.wake_s.value == 0);
    CHECK(form.arrival_s.value == 0);
}

TEST_CASE("A residual is the greatest error of a batch's time", "[calibration]")
{
    auto off = loads();
    auto form = fitted_form({}, off, no_time);
    off.full.back().per_second *= 1.25;  // a batch of 32 took a fifth less
    CHECK(largest_residual(form, off.full) == Approx(0.25).epsilon(0.001));
}

TEST_CASE("Where clients fill no larger batches the engine's times end", "[calibration]")
{
    auto slow = loads();
    slow.full[5] = load(15.7, cycle_us(15.7), 0);
    const auto form = fitted_form({}, slow, no_time);
    REQUIRE(form.engine.size() == 5);
    CHECK(form.engine.back().batch == 16);
    CHECK(microseconds(form.batch_s) == Approx(40));
}
