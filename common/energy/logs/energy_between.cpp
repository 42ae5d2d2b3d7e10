#include "common/energy/logs/energy_between.hpp"

#include <algorithm>
#include <string>

#include "common/energy/logs/usual_step.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::power_logs {

namespace {

/// A stretch of the window whose energy the log tells.
struct Covered {
    LogTime begin{};
    LogTime end{};
    Joules energy;
    bool share = false;        ///< of an interval that the window cuts
    std::size_t segment_line;  ///< where its segment begins in the log
};

Watts power_at(const PowerSample& a, const PowerSample& b, LogTime at)
{
    const double way = (at - a.at) / (b.at - a.at);
    return *a.power + (*b.power - *a.power) * way;
}

void add_samples(const LogSegment& segment, LogTime begin, LogTime end, std::optional<LogTime> longest,
                 std::vector<Covered>& covered)
{
    const auto& samples = segment.samples;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const auto& a = samples[i - 1];
        const auto& b = samples[i];
        const auto from = std::max(a.at, begin);
        const auto until = std::min(b.at, end);
        if (from >= until || !a.power || !b.power || (longest && b.at - a.at > *longest)) continue;
        const Watts mean = (power_at(a, b, from) + power_at(a, b, until)) * 0.5;
        covered.push_back({from, until, mean * Seconds{(until - from).count()}, false, segment.line});
    }
}

void add_intervals(const LogSegment& segment, LogTime begin, LogTime end, std::vector<Covered>& covered)
{
    for (const auto& interval : segment.intervals) {
        const auto from = std::max(interval.begin, begin);
        const auto until = std::min(interval.end, end);
        if (from >= until) continue;
        const double share = (until - from) / (interval.end - interval.begin);
        covered.push_back({from, until, interval.energy * share, share < 1, segment.line});
    }
}

bool lacks_value_within(const PowerLog& log, LogTime begin, LogTime end)
{
    return std::ranges::any_of(log.segments, [&](const LogSegment& segment) {
        const auto first = std::ranges::lower_bound(segment.samples, begin, {}, &PowerSample::at);
        const auto last = std::ranges::upper_bound(segment.samples, end, {}, &PowerSample::at);
        return first < last && std::any_of(first, last, [](const PowerSample& sample) { return !sample.power; });
    });
}

LogGap gap(const PowerLog& log, const LogStretch& whole, LogTime begin, LogTime end)
{
    std::string reason = "no line for " + text::significant((end - begin).count()) + " s";
    if (end <= whole.begin)
        reason = "before the log's first time";
    else if (begin >= whole.end)
        reason = "after the log's last time";
    else if (lacks_value_within(log, begin, end))
        reason = "lines without a value";
    return {begin, end, reason};
}

}  // namespace

LogStretch stretch_of(const PowerLog& log)
{
    auto begin = LogTime::max();
    auto end = LogTime::min();
    for (const auto& segment : log.segments) {
        for (const auto& sample : segment.samples) {
            begin = std::min(begin, sample.at);
            end = std::max(end, sample.at);
        }
        for (const auto& interval : segment.intervals) {
            begin = std::min(begin, interval.begin);
            end = std::max(end, interval.end);
        }
    }
    return {begin, end};
}

std::optional<LogTime> usual_longest_bridge(const PowerLog& log)
{
    std::vector<LogTime> times;
    for (const auto& segment : log.segments)
        for (const auto& sample : segment.samples) times.push_back(sample.at);
    const auto step = median_step(times);
    if (!step) return std::nullopt;
    return *step * usual_steps;
}

EnergyOfWindow energy_between(const PowerLog& log, LogTime begin, LogTime end, std::optional<LogTime> longest_bridge)
{
    if (end < begin) throw SpecError{"a window of a power log has to end after it begins"};
    if (!longest_bridge) longest_bridge = usual_longest_bridge(log);
    std::vector<Covered> covered;
    for (const auto& segment : log.segments) {
        add_samples(segment, begin, end, longest_bridge, covered);
        add_intervals(segment, begin, end, covered);
    }
    std::ranges::stable_sort(covered, {}, &Covered::begin);

    const auto whole = stretch_of(log);
    EnergyOfWindow result;
    Joules energy;
    auto reached = begin;
    std::size_t reached_by = 0;
    for (const auto& part : covered) {
        if (part.begin < reached)
            throw DataError{"the log's segments from lines " + std::to_string(std::min(reached_by, part.segment_line)) +
                            " and " + std::to_string(std::max(reached_by, part.segment_line)) +
                            " both cover the window, since its clock went back; leave one of them out"};
        if (part.begin > reached) result.gaps.push_back(gap(log, whole, reached, part.begin));
        energy += part.energy;
        if (part.share) result.apportioned += part.energy;
        result.covered += part.end - part.begin;
        reached = part.end;
        reached_by = part.segment_line;
    }
    if (reached < end) result.gaps.push_back(gap(log, whole, reached, end));
    for (const auto& gap : result.gaps) result.uncovered += gap.end - gap.begin;
    if (result.covered > LogTime{}) {
        result.energy = energy;
        result.mean_power = Watts{energy.count() / result.covered.count()};
    }
    return result;
}

}  // namespace fedgram::power_logs
