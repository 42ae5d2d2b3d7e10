// How far a server in virtual time is from the real one: each form is calibrated in fedgram-serve on this machine, as
// `fedgram calibrate --serving` does it, and what virtual time makes of loads that the fit has not seen is held against
// what was measured. Medians over turns.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/host.hpp"
#include "common/error/exit_code.hpp"
#include "experiments/analyzing/served_calibration.hpp"
#include "experiments/analyzing/served_model.hpp"
#include "tests/support/served_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace fedgram;
using experiments::CalibratedForm;
using experiments::CheckedLoad;

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Of one figure over all turns.
template <class Value>
double over(const std::vector<CalibratedForm>& turns, Value value)
{
    std::vector<double> values;
    for (const auto& turn : turns) values.push_back(value(turn));
    return median(values);
}

double p99_ms(const serving::LatencySummary& latency)
{
    return latency.percentiles[3].value.value_or(Seconds{}).count() * 1e3;
}

void print_fit(const std::vector<CalibratedForm>& turns)
{
    std::printf("%s\n  engine, us:", turns.front().form.name.c_str());
    for (const auto& [batch, time] : turns.front().form.engine)
        std::printf(" %u: %.1f", batch, over(turns, [size = batch](const auto& turn) {
                        return turn.form.engine_time(size).count() * 1e6;
                    }));
    const auto figure = [&](const char* what, energy::Figure energy::ServedForm::*member) {
        std::printf("%s %.1f", what, over(turns, [&](const auto& turn) { return (turn.form.*member).value * 1e6; }));
    };
    figure("\n  us: batch", &energy::ServedForm::batch_s);
    figure(", request", &energy::ServedForm::request_s);
    figure(", round trip", &energy::ServedForm::round_trip_s);
    figure("; open loop: request", &energy::ServedForm::arrival_s);
    figure(", wake", &energy::ServedForm::wake_s);
    figure("; core us of the server: batch", &energy::ServedForm::server_batch_core_s);
    figure(", request", &energy::ServedForm::server_request_core_s);
    figure("; of its clients: batch", &energy::ServedForm::client_batch_core_s);
    figure(", request", &energy::ServedForm::client_request_core_s);
    figure("; of both, all busy: batch", &energy::ServedForm::full_batch_core_s);
    figure(", request", &energy::ServedForm::full_request_core_s);
    std::printf("\n");
}

/// Of each load the turn whose mean latency is off by the median.
void print_checks(const std::vector<CalibratedForm>& turns)
{
    std::printf(
        "batch inst. %-28s | answers/s measured  virtual       | mean ms measured  virtual       | p99 ms "
        "measured  virtual\n",
        "load");
    const auto mean_ms = [](const serving::LatencySummary& latency) {
        return latency.mean.value_or(Seconds{}).count() * 1e3;
    };
    for (std::size_t i = 0; i < turns.front().checks.size(); ++i) {
        std::vector<CheckedLoad> all;
        for (const auto& turn : turns) all.push_back(turn.checks[i]);
        std::ranges::sort(all, {}, &CheckedLoad::mean_ratio);
        const auto& one = all[all.size() / 2];
        const auto unstable = std::ranges::count(all, false, &CheckedLoad::stable);
        std::printf("%5u %5u %-28s | %18.0f %8.0f %+5.1f %% | %16.3f %8.3f %+5.1f %% | %15.2f %8.2f%s\n",
                    one.probe.configuration.max_batch, one.probe.configuration.instances, one.what.c_str(),
                    one.measured_per_s, one.virtual_per_s, 100 * (one.throughput_ratio() - 1), mean_ms(one.measured),
                    mean_ms(one.virtual_time), 100 * (one.mean_ratio() - 1), p99_ms(one.measured),
                    p99_ms(one.virtual_time),
                    unstable == 0 ? "" : (", not stable in " + std::to_string(unstable)).c_str());
    }
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> models{"small-cnn", "mcmahan-cnn", "resnet-8", "small-cnn/int8"};
    double seconds = 0.45;
    unsigned turn_count = 3;
    CLI::App app{"How far a server in virtual time is from the real one", "fedgram-serving-agreement"};
    app.add_option("--models", models, "built-in models, /int8 where that is meant")->capture_default_str();
    app.add_option("--seconds", seconds, "of a load that is stable at once")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--turns", turn_count, "of all")->check(CLI::Range(1, 1000))->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return exit_code_of("fedgram-serving-agreement", [&] {
        const test::TemporaryFolder folder;
        for (const auto& model : models) {
            const auto name = model.substr(0, model.find('/'));
            const bool is_int8 = model.ends_with("/int8");
            const auto numbers = is_int8 ? energy::Arithmetic::int8 : energy::Arithmetic::fp32;
            const experiments::FormToCalibrate form{
                .name = model,
                .demand = experiments::model_by_costs(name, {numbers}).variants.front().demand,
                .file = folder / (name + (is_int8 ? "-int8.fgm" : ".fgm"))};
            test::write_servable(form.file, test::built_in(name),
                                 is_int8 ? test::ServedIn::int8 : test::ServedIn::float32);
            std::vector<CalibratedForm> turns;
            for (unsigned i = 0; i < turn_count; ++i)
                turns.push_back(experiments::calibrated_form(
                    form, energy::usable_cores(), {.shortest = Seconds{seconds}, .sys = energy::sysfs_root()},
                    [](const std::string&) {}));
            print_fit(turns);
            print_checks(turns);
        }
    });
}
