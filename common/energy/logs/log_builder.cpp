#include "common/energy/logs/log_builder.hpp"

#include <utility>

#include "common/energy/logs/log_number.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::power_logs {

namespace {

/// What a double of Unix seconds can't tell apart, several times over.
constexpr LogTime rounding{1e-5};

/// Some thirty years.
constexpr LogTime longest{1e9};

}  // namespace

void LogBuilder::begin_segment(const LogLine& line, std::optional<LogTime> back)
{
    // A log may jump at every line; one note shows where to look.
    if (back && ++times_back_ == 1)
        notes_.push_back("line " + std::to_string(line.number) + ": the time goes back by " +
                         text::significant(back->count()) + " s; nothing is counted from the line before to it");
    segments_.push_back({line.number, {}, {}});
}

void LogBuilder::add_sample(const LogLine& line, LogTime at, std::optional<Watts> power)
{
    ++(power ? values_ : missing_);
    const bool has_last = !segments_.empty() && !segments_.back().samples.empty();
    if (has_last && segments_.back().samples.back().at == at) {
        ++equal_times_;
        auto& mean = segments_.back().samples.back().power;
        if (!power) return;
        ++values_at_time_;
        const Watts before = mean.value_or(Watts{});
        mean = before + (*power - before) * (1.0 / static_cast<double>(values_at_time_));
        return;
    }
    if (!has_last)
        begin_segment(line, {});
    else if (const auto last = segments_.back().samples.back().at; at < last)
        begin_segment(line, last - at);
    values_at_time_ = power ? 1 : 0;
    segments_.back().samples.push_back({at, power});
}

void LogBuilder::add_interval(const LogLine& line, const EnergyInterval& interval)
{
    auto [begin, end, energy] = interval;
    const auto length = end - begin;
    if (length <= LogTime{} || length > longest)
        line.refuse("its energy is that of " + text::shortest(length.count()) + " s, which no interval lasts");
    plausible(line, "mean power", Watts{energy.count() / length.count()});
    ++values_;
    const bool has_last = !segments_.empty() && !segments_.back().intervals.empty();
    const auto overlap = has_last ? segments_.back().intervals.back().end - begin : LogTime{};
    if (!has_last) {
        begin_segment(line, {});
    } else if (overlap > rounding) {
        begin_segment(line, overlap);
    } else if (overlap > LogTime{}) {
        begin += overlap;
        end += overlap;
    }
    segments_.back().intervals.push_back({begin, end, energy});
}

void LogBuilder::finish(PowerLog& log, std::string_view where)
{
    if (values_ == 0)
        throw DataError{
            std::string{where} + ": holds no value of " + log.source +
            (missing_ > 0 ? "; each of its " + std::to_string(missing_) + " lines says there is none" : "")};
    if (times_back_ > 1) notes_.push_back("the time goes back " + std::to_string(times_back_) + " times in all");
    if (missing_ > 0)
        notes_.push_back(std::to_string(missing_) + " lines have no value, which makes a gap each and no zero");
    if (equal_times_ > 0)
        notes_.push_back(std::to_string(equal_times_) +
                         " samples bear the time of the one before; those of one time are one sample, by their mean");
    log.segments = std::move(segments_);
    log.notes.insert(log.notes.end(), notes_.begin(), notes_.end());
}

}  // namespace fedgram::power_logs
