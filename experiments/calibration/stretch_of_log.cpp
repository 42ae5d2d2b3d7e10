#include "experiments/calibration/stretch_of_log.hpp"

#include <algorithm>
#include <chrono>

#include "common/energy/logs/energy_between.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::experiments {

namespace {

using power_logs::LogTime;
using power_logs::PowerLog;

struct Window {
    LogTime begin;
    LogTime end;

    [[nodiscard]] LogTime length() const { return end - begin; }
    [[nodiscard]] LogTime middle() const { return begin + length() / 2; }
};

std::string time_text(const PowerLog& log, LogTime time)
{
    if (!log.absolute_time) return text::significant(time.count()) + " s";
    return text::utc_text(std::chrono::sys_seconds{std::chrono::floor<std::chrono::seconds>(time)});
}

std::string window_text(const PowerLog& log, const Window& window)
{
    return time_text(log, window.begin) + " to " + time_text(log, window.end);
}

// "gpu.csv: nvidia_smi, GPU 0, power.draw (averaged) over 62.0 s"
std::string source_of(const PowerLog& log, const std::string& name, const power_logs::EnergyOfWindow& found)
{
    const double whole = (found.covered + found.uncovered).count();
    auto source = name + " (" + std::string{power_logs::name(log.form)} +
                  (log.device.empty() ? "" : ", " + log.device) + ", " + log.source + ", " +
                  std::string{power_logs::name(log.draw)} + " draw) over " + text::significant(whole) + " s";
    if (found.uncovered.count() > 0)
        source += ", of which " + text::significant(found.uncovered.count()) + " s missing";
    if (found.apportioned > Joules{})
        source += ", " + text::significant(100 * found.apportioned.count() / found.energy->count()) +
                  " % of it shared out by time at the window's ends";
    return source;
}

Watts mean_over(const PowerLog& log, const Window& window, Watts otherwise)
{
    return power_logs::energy_between(log, window.begin, window.end).mean_power.value_or(otherwise);
}

MeanPower power_in(const PowerLog& log, const std::string& name, const Window& window)
{
    const auto found = power_logs::energy_between(log, window.begin, window.end);
    if (!found.mean_power || found.covered < found.uncovered)
        throw DataError{name + ": the log covers " + text::significant(found.covered.count()) + " of " +
                        text::significant(window.length().count()) + " s of the work, which is from " +
                        window_text(log, window) + "; the log is from " +
                        window_text(log, {power_logs::stretch_of(log).begin, power_logs::stretch_of(log).end}) +
                        "; --offset says how far its clock is ahead, --utc-offset its time zone"};
    const auto first = mean_over(log, {window.begin, window.middle()}, *found.mean_power);
    const auto second = mean_over(log, {window.middle(), window.end}, *found.mean_power);
    return {*found.mean_power, std::min({first, second, *found.mean_power}),
            std::max({first, second, *found.mean_power}), source_of(log, name, found)};
}

Window window_of(const PowerLog& log, const std::string& name, const LoggedWork& work, LogTime offset)
{
    const auto whole = power_logs::stretch_of(log);
    Window window{whole.begin, whole.end};
    if (work.begin && work.absolute && !log.absolute_time)
        throw SpecError{name +
                        ": the log has no dates, and the work has; state the work by --work, with begin in "
                        "seconds since the log's start"};
    if (work.begin) window.begin = work.absolute ? *work.begin + offset : whole.begin + *work.begin;
    if (work.seconds) window.end = window.begin + LogTime{work.seconds->count()};
    return window;
}

}  // namespace

MeanPower power_of(const PowerLog& log, const std::string& name)
{
    const auto whole = power_logs::stretch_of(log);
    return power_in(log, name, {whole.begin, whole.end});
}

MeasuredStretch stretch_of_work(const PowerLog& log, const std::string& name, const LoggedWork& work, LogTime offset)
{
    const auto window = window_of(log, name, work, offset);
    if (window.length().count() <= 0)
        throw DataError{name + ": nothing of the log is left after the work's begin, " + time_text(log, window.begin)};
    auto power = power_in(log, name, window);
    power.source += ", under " + work.name;
    return {work.work, Seconds{window.length().count()}, work.coarseness, std::move(power), std::nullopt};
}

}  // namespace fedgram::experiments
