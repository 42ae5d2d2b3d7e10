// A log of power, of whatever form: its samples and intervals are in order, and its energy is no more than can be.

#include <algorithm>
#include <array>
#include <cmath>

#include "common/energy/logs/energy_between.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/read_power_log.hpp"
#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;

namespace {

void check_order(const PowerLog& log)
{
    fuzz::require(!log.segments.empty(), "a log has a segment");
    for (const auto& segment : log.segments) {
        fuzz::require(segment.samples.empty() != segment.intervals.empty(), "a segment has samples or intervals");
        for (std::size_t i = 1; i < segment.samples.size(); ++i)
            fuzz::require(segment.samples[i - 1].at < segment.samples[i].at, "samples go forward");
        for (std::size_t i = 1; i < segment.intervals.size(); ++i)
            fuzz::require(segment.intervals[i - 1].end <= segment.intervals[i].begin, "intervals don't overlap");
        for (const auto& interval : segment.intervals)
            fuzz::require(interval.begin < interval.end, "an interval has a length");
    }
}

void check_energy(const PowerLog& log)
{
    const auto stretch = stretch_of(log);
    const auto window = (stretch.end - stretch.begin).count();
    fuzz::require(std::isfinite(window) && window >= 0, "a log begins and ends at times");
    fuzz::allow_refusal<DataError>([&] {
        const auto all = energy_between(log, stretch.begin, stretch.end);
        const double most = (most_plausible * Seconds{all.covered.count()}).count();
        fuzz::require(!all.energy || (all.energy->count() >= 0 && all.energy->count() <= most * (1 + 1e-3) + 1),
                      "an energy is plausible");
        fuzz::require(std::abs(all.covered.count() + all.uncovered.count() - window) <= 1e-6 * window + 1e-3,
                      "a window is covered or not");
    });
}

std::array<PowerLogOptions, 5> several_options()
{
    std::array<PowerLogOptions, 5> options;
    options[1].device = "0";
    options[1].label = "step";
    options[2].columns = {"timestamp", "index", "power.draw"};
    options[2].interval = LogTime{0.5};
    options[3].time_column = "t";
    options[3].watts_column = "p";
    options[4].time_column = "t";
    options[4].joules_column = "e";
    return options;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto options = several_options();
    const auto text = fuzz::text_of(data, size);
    for (const auto& each : options)
        fuzz::allow_refusal<DataError>([&] {
            fuzz::allow_refusal<SpecError>([&] {
                const auto log = parse_power_log(text, "log", each);
                check_order(log);
                check_energy(log);
            });
        });
    return 0;
}
