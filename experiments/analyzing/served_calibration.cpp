#include "experiments/analyzing/served_calibration.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "experiments/analyzing/attempts.hpp"
#include "experiments/analyzing/shared_device.hpp"
#include "experiments/analyzing/virtual_load.hpp"
#include "experiments/calibration/serving_fit.hpp"

namespace fedgram::experiments {

namespace {

using analysis::Load;
using analysis::Probe;

// So many clients always have a batch waiting, while one is computed, one answered and one on the way.
constexpr std::uint32_t clients_of_a_batch = 4;

// Behind a load that the server can't answer, half as much is asked, so many times at most.
constexpr int most_halvings = 3;
constexpr double near_capacity = 0.8;

Probe closed(std::uint32_t max_batch, std::uint32_t clients, std::uint32_t instances = 1)
{
    return {{.max_batch = max_batch, .instances = instances}, {Load::Kind::concurrency, double(clients)}};
}

Probe open(std::uint32_t max_batch, double per_second)
{
    return {{.max_batch = max_batch}, {Load::Kind::rate, per_second}};
}

std::string text_of(const Probe& probe)
{
    const auto& [configuration, load] = probe;
    return "batches of " + std::to_string(configuration.max_batch) + ", " +
           (load.kind == Load::Kind::rate ? text::significant(load.amount) + " requests/s"
                                          : text::shortest(load.amount) + " clients");
}

ServedLoad served_load(const LoadResult& load)
{
    if (load.answered == 0) throw ProtocolError{"the server has answered nothing"};
    const Seconds median = serving::seconds(load.computed.percentile(50));
    return {.per_second = load.throughput,
            .mean_latency = load.latency.mean.value_or(Seconds{}),
            .mean_batch = std::max(1.0, load.mean_batch()),
            .computed = load.computed.mean(),
            .usual = median,
            .server_core = Seconds{load.core_seconds_per_answer()},
            .client_core = load.generator_core * (1 / static_cast<double>(load.answered))};
}

/// The loads of the fit and of the check.
class Calibration {
public:
    Calibration(const FormToCalibrate& of, double cores, const LoadMeasuring& measuring,
                const std::function<void(const std::string&)>& tell)
        : of_{of}, cores_{cores}, measuring_{measuring}, tell_{tell}
    {
    }

    CalibratedForm run()
    {
        CalibratedForm calibrated{.form = fit(), .checks = {}};
        const auto service = service_of(calibrated.form);
        const auto by_clock = energy::in_open_loop(service);
        const auto add = [&](const Probe& probe, const std::string& what, bool is_near_capacity = false) {
            calibrated.checks.push_back(check(service, probe, what, is_near_capacity));
        };
        const auto largest = calibrated.form.engine.back().batch;
        const auto half = std::min(8U, largest);
        const auto loop = [&](const Probe& probe) {
            add(probe, "closed loop, " + text::shortest(probe.load.amount) + " clients");
        };
        loop(closed(1, 2));
        loop(closed(half, half));
        loop(closed(largest, largest));
        for (const std::uint32_t max_batch : {1U, largest})
            for (const double share : {0.5, near_capacity})
                add(open(max_batch, share * shared_capacity(by_clock, 1, max_batch)),
                    "open loop, " + text::shortest(100 * share) + " % of capacity", share >= near_capacity);
        if (cores_ >= 2)
            for (const std::uint32_t max_batch : {2U, half}) loop(closed(max_batch, clients_of_a_batch * max_batch, 2));
        calibrated.form.source += "; " + calibrated.agreement();
        return calibrated;
    }

private:
    [[nodiscard]] energy::BatchService service_of(const energy::ServedForm& form) const
    {
        energy::BatchService service;
        service.form = form;
        service.cores = cores_;
        return service;
    }

    LoadResult measured(const Probe& probe)
    {
        tell_(of_.name + ": " + text_of(probe));
        return measured_load(of_.file, probe, measuring_).result;
    }

    energy::ServedForm fit()
    {
        FittingLoads loads;
        loads.alone = served_load(measured(closed(1, 1)));
        for (std::uint32_t batch = 1; batch <= largest_calibrated_batch; batch *= 2)
            loads.full.push_back(served_load(measured(closed(batch, clients_of_a_batch * batch))));
        loads.cores = cores_;
        if (cores_ >= 2) {
            const auto instances = static_cast<std::uint32_t>(cores_);
            for (const std::uint32_t batch : {1U, largest_calibrated_batch})
                loads.busy.push_back(
                    served_load(measured(closed(batch, clients_of_a_batch * batch * instances, instances))));
        }
        loads.sparse_rate = sparse_share * loads.full.front().per_second;
        loads.sparse = served_load(measured(open(1, loads.sparse_rate)));
        auto dense = open(largest_calibrated_batch, dense_share * loads.full.back().per_second);
        auto dense_load = measured(dense);
        // The queue of what isn't answered says nothing of a request.
        for (int i = 0; i < most_halvings && falls_behind(dense_load, dense.load); ++i) {
            dense.load.amount /= 2;
            dense_load = measured(dense);
        }
        loads.dense = served_load(dense_load);
        energy::ServedForm form;
        form.name = of_.name;
        form.arithmetic = of_.demand.arithmetic;
        form.macs = of_.demand.macs;
        form.weight_bytes = of_.demand.weight_bytes;
        form.source = "medians in fedgram-serve, of closed loops that fill batches";
        return fitted_form(std::move(form), loads, [&](const energy::ServedForm& so_far) {
            return virtual_load(service_of(so_far), dense, dense_load.sent).latency.mean.value_or(Seconds{});
        });
    }

    CheckedLoad check(const energy::BatchService& service, const Probe& probe, const std::string& what,
                      bool is_near_capacity)
    {
        const auto load = measured(probe);
        const auto simulated = virtual_load(service, probe, load.sent);
        const bool behind = falls_behind(load, probe.load);
        return {.probe = probe,
                .what = what,
                .stable = load.stability == serving::Stability::stable && !behind,
                .falls_behind = behind,
                .near_capacity = is_near_capacity,
                .measured_per_s = load.throughput,
                .virtual_per_s = simulated.throughput,
                .measured = load.latency,
                .virtual_time = simulated.latency};
    }

    const FormToCalibrate& of_;
    double cores_;
    const LoadMeasuring& measuring_;
    const std::function<void(const std::string&)>& tell_;
};

/// Whatever its sign.
double factor_of(double ratio) { return std::max(ratio, 1 / ratio); }

/// The ratio of the stable ones that is furthest from 1.
double furthest(const std::vector<CheckedLoad>& checks, double (CheckedLoad::*ratio)() const)
{
    double most = 1;
    for (const auto& check : checks)
        if (check.stable && factor_of((check.*ratio)()) > factor_of(most)) most = (check.*ratio)();
    return most;
}

bool is_far_off(const CheckedLoad& check)
{
    if (check.falls_behind) return true;
    return check.stable && !check.near_capacity &&
           std::max(factor_of(check.throughput_ratio()), factor_of(check.mean_ratio())) > largest_reliable_factor;
}

}  // namespace

double CheckedLoad::throughput_ratio() const { return virtual_per_s / measured_per_s; }

double CheckedLoad::mean_ratio() const
{
    return virtual_time.mean.value_or(Seconds{}).count() / measured.mean.value_or(Seconds{}).count();
}

std::string off_text(double ratio)
{
    constexpr double most_in_per_cent = 2;
    if (ratio > most_in_per_cent) return text::significant(ratio, 2) + " times";
    if (ratio < 1 / most_in_per_cent) return "1/" + text::significant(1 / ratio, 2);
    return (ratio < 1 ? "" : "+") + text::significant(100 * (ratio - 1), 2) + " %";
}

bool CalibratedForm::is_reliable() const
{
    return std::ranges::any_of(checks, &CheckedLoad::stable) && std::ranges::none_of(checks, is_far_off);
}

std::string CalibratedForm::agreement() const
{
    const auto stable = std::ranges::count_if(checks, &CheckedLoad::stable);
    if (stable == 0) return "no other load was stable, so that nothing is known of how far virtual time is off";
    return std::to_string(stable) + " of " + std::to_string(checks.size()) +
           " other loads were stable: furthest off in virtual time are a throughput by " +
           off_text(furthest(checks, &CheckedLoad::throughput_ratio)) + " and a mean latency by " +
           off_text(furthest(checks, &CheckedLoad::mean_ratio)) +
           (is_reliable() ? ""
                          : "; a load fell behind its rate, or away from capacity one is off by more than half: "
                            "not to be relied on");
}

CalibratedForm calibrated_form(const FormToCalibrate& of, double cores, const LoadMeasuring& measuring,
                               const std::function<void(const std::string&)>& tell)
{
    return Calibration{of, cores, measuring, tell}.run();
}

}  // namespace fedgram::experiments
