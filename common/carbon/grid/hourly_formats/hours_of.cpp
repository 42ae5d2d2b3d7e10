#include "common/carbon/grid/hourly_formats/hours_of.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::carbon {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr seconds one_hour = hours{1};

std::string length_text(seconds length)
{
    if (length % one_hour == seconds{}) return std::to_string(length / one_hour) + " h";
    if (length % minutes{1} == seconds{}) return std::to_string(length / minutes{1}) + " min";
    return std::to_string(length.count()) + " s";
}

/// Checks and joins the values of one file.
class Joiner {
public:
    Joiner(const StatedSeries& stated, std::optional<minutes> fill_gaps)
        : stated_{stated}, fill_gaps_{fill_gaps}, step_{stated.step.value_or(least_distance())}
    {
    }

    [[nodiscard]] MadeHours joined()
    {
        const auto& values = stated_.values;
        check_step();
        for (std::size_t i = 0; i < values.size(); ++i) {
            check_on_step(values[i]);
            if (i > 0) check_follows(values[i - 1], values[i]);
            if (values[i].intensity)
                add(values[i]);
            else if (first_missing_ == nullptr)
                first_missing_ = &values[i];
        }
        if (first_missing_ != nullptr) refuse(*first_missing_, stated_.missing + ", or leave it out");
        auto made = std::move(means_).finish();
        if (!made)
            refuse(values.front(), "from here on there are " +
                                       length_text(step_ * static_cast<seconds::rep>(values.size())) +
                                       ", which make no whole hour; add the values that are missing to it");
        return *std::move(made);
    }

private:
    [[noreturn]] void refuse(const StatedValue& value, const std::string& what) const
    {
        throw DataError{stated_.place_of(value.number) + ": " + what};
    }

    // By the file's own clock, so that it can be found there.
    [[nodiscard]] static std::string shown(const StatedTime& time)
    {
        auto text = text::utc_text(time.utc + time.ahead);
        if (time.ahead == minutes{}) return text;
        text.pop_back();
        const auto ahead = text::utc_text(std::chrono::sys_seconds{std::chrono::abs(time.ahead)});
        return text + (time.ahead < minutes{} ? "-" : "+") + ahead.substr(11, 5);
    }

    // An hour where there is one value, or where values are a gap apart.
    [[nodiscard]] seconds least_distance() const
    {
        auto least = one_hour;
        const auto& values = stated_.values;
        for (std::size_t i = 1; i < values.size(); ++i) {
            const auto distance = values[i].time.utc - values[i - 1].time.utc;
            if (distance > seconds{}) least = std::min(least, distance);
        }
        return least;
    }

    void check_step() const
    {
        const auto& values = stated_.values;
        if (step_ < minutes{1} || one_hour % step_ != seconds{})
            refuse(values.front(), "the file goes in steps of " + length_text(step_) +
                                       ", which don't make an hour; give a value every hour, half hour, quarter of an "
                                       "hour or other whole number of minutes that divides 60");
        // Of a file by the hour that has gaps, some two are an hour apart.
        const auto is_near = [](const StatedValue& a, const StatedValue& b) {
            return b.time.utc <= a.time.utc + one_hour;
        };
        if (values.size() > 2 && std::ranges::adjacent_find(values, is_near) == values.end())
            refuse(values[1], "the file's values are " + length_text(values[1].time.utc - values[0].time.utc) +
                                  " apart; take the series by the hour");
    }

    void check_on_step(const StatedValue& value) const
    {
        if ((value.time.utc + value.time.ahead).time_since_epoch() % step_ == seconds{}) return;
        refuse(value, stated_.time_name + ": " + shown(value.time) +
                          (step_ == one_hour ? " is not on the hour; give one row for each whole hour"
                                             : " is on no step of " + length_text(step_) + "; give one row for each"));
    }

    void check_follows(const StatedValue& above, const StatedValue& value)
    {
        const auto expected = above.time.utc + step_;
        const auto jump = value.time.utc - expected;
        if (jump == seconds{}) return;
        const bool saves_daylight = !value.time.names_zone && std::chrono::abs(jump) == one_hour;
        const std::string as_utc = "; export the times in UTC, or with the offset that each has";
        if (saves_daylight && jump > seconds{})
            refuse(value, "after " + shown(above.time) + " comes " + shown(value.time) +
                              ", an hour later than it should: probably daylight saving begins here" + as_utc);
        if (saves_daylight)
            refuse(value, "after " + shown(above.time) + " comes " + shown(value.time) +
                              ", an hour that was there already: probably daylight saving ends here" + as_utc);
        if (value.time.utc == above.time.utc)
            refuse(value, shown(value.time) + " is there twice, here and right before; keep one of the two");
        if (jump < seconds{})
            refuse(value, shown(value.time) + " comes after " + shown(above.time) + "; sort the rows by time");
        if (jump % step_ != seconds{})
            refuse(value, shown(value.time) + " comes " + length_text(jump + step_) + " after " + shown(above.time) +
                              ", which are no whole steps of " + length_text(step_) + as_utc);
        last_gap_ = {&above, &value};
    }

    // The value, and in front of it what is filled in.
    void add(const StatedValue& value)
    {
        if (before_ == nullptr) {
            if (first_missing_ != nullptr) refuse(*first_missing_, stated_.missing + ", or leave it out");
        } else if (const auto gap = value.time.utc - before_->time.utc - step_; gap > seconds{}) {
            if (!fill_gaps_ || gap > *fill_gaps_) refuse_gap(gap);
            fill(*before_, value);
        }
        means_.add(value.time.utc, step_, *value.intensity,
                   value.is_forecast ? HourMeans::Origin::forecast : HourMeans::Origin::measured);
        before_ = &value;
        first_missing_ = nullptr;
    }

    void fill(const StatedValue& from, const StatedValue& to)
    {
        const auto whole = static_cast<double>((to.time.utc - from.time.utc).count());
        for (auto time = from.time.utc + step_; time < to.time.utc; time += step_) {
            const double share = static_cast<double>((time - from.time.utc).count()) / whole;
            const double grams = from.intensity->count() * (1 - share) + to.intensity->count() * share;
            means_.add(time, step_, GramsPerKilowattHour{grams}, HourMeans::Origin::filled);
        }
    }

    [[noreturn]] void refuse_gap(seconds gap) const
    {
        const auto needed = std::chrono::ceil<hours>(gap);
        const auto hint = needed > longest_fill
                              ? std::string{}
                              : ", or have gaps of up to " + std::to_string(needed.count()) +
                                    " h filled in by --fill-gaps " + std::to_string(needed.count()) + " (fill_gaps_h)";
        if (first_missing_ != nullptr) refuse(*first_missing_, stated_.missing + hint);
        const auto& [above, value] = last_gap_;
        refuse(*value, "gap of " + length_text(gap) + ": after " + shown(above->time) + " comes " + shown(value->time) +
                           "; add the row for " + shown({above->time.utc + step_, above->time.ahead, true}) + hint);
    }

    const StatedSeries& stated_;
    std::optional<minutes> fill_gaps_;
    seconds step_;
    HourMeans means_;
    const StatedValue* before_ = nullptr;                           // the last that has an intensity
    const StatedValue* first_missing_ = nullptr;                    // of those without, since then
    std::pair<const StatedValue*, const StatedValue*> last_gap_{};  // the values on both sides
};

}  // namespace

MadeHours hours_of(const StatedSeries& stated, std::optional<minutes> fill_gaps)
{
    return Joiner{stated, fill_gaps}.joined();
}

}  // namespace fedgram::carbon
