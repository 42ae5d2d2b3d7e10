#include "common/carbon/grid/hourly_formats/hourly_clock.hpp"

#include <utility>

#include "common/error/error.hpp"
#include "common/text/folded_name.hpp"
#include "common/text/written_time.hpp"

namespace fedgram::carbon {

namespace {

/// Within them every time of UTC is written with four digits for its year.
constexpr std::chrono::sys_days first{std::chrono::year{1900} / 1 / 1};
constexpr std::chrono::sys_days behind_last{std::chrono::year{2201} / 1 / 1};

bool has_word(const std::string& name, const std::string& word)
{
    return (" " + text::folded_name(name) + " ").find(" " + word + " ") != std::string::npos;
}

}  // namespace

HourlyClock::HourlyClock(std::string column, std::optional<std::chrono::minutes> stated)
    : column_{std::move(column)}, says_utc_{has_word(column_, "utc") || has_word(column_, "gmt")}, stated_{stated}
{
    if (says_utc_ && stated_)
        throw SpecError{"the column \"" + column_ +
                        "\" says that its times are UTC; leave --time-zone (time_zone) out"};
}

StatedTime HourlyClock::read(std::string_view text, const std::string& place) const
{
    const auto refuse = [&](const std::string& what) {
        throw DataError{place + ": " + column_ + ": \"" + std::string{text} + "\" " + what};
    };
    const auto time = text::written_time(text);
    if (!time) refuse("is no time; write it as 2020-09-14T06:00:00Z");
    if (time->clock < first || time->clock >= behind_last) refuse("is no time of the years 1900 to 2200");
    if (time->ahead && stated_) refuse("names its time zone itself; leave --time-zone (time_zone) out");
    if (!time->ahead && !says_utc_ && !stated_)
        refuse("names no time zone; say which by --time-zone UTC, or an offset such as --time-zone +01:00 (time_zone)");
    const auto ahead = time->ahead.value_or(stated_.value_or(std::chrono::minutes{}));
    return {time->clock - ahead, ahead, time->ahead || says_utc_};
}

}  // namespace fedgram::carbon
