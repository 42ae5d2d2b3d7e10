#include "common/energy/logs/log_time.hpp"

#include <algorithm>

#include "common/energy/logs/log_number.hpp"
#include "common/text/written_time.hpp"

namespace fedgram::power_logs {

namespace {

using text::take_digits;

/// 1973: a number of seconds below it counts from a start.
constexpr double first_unix_second = 1e8;
/// The year 5138: above it, a number counts milliseconds.
constexpr double last_unix_second = 1e11;

std::optional<std::chrono::sys_days> take_day(std::string_view& text)
{
    const bool year_first = text.size() > 4 && (text[4] == '-' || text[4] == '/');
    const auto first = take_digits(text, year_first ? 4 : 2);
    const auto second = take_digits(text, 2, "-/");
    const auto third = take_digits(text, year_first ? 2 : 4, "-/");
    if (!first || !second || !third) return std::nullopt;
    const std::chrono::year_month_day day{
        std::chrono::year{year_first ? *first : *third},
        std::chrono::month{static_cast<unsigned>(year_first ? *second : *first)},
        std::chrono::day{static_cast<unsigned>(year_first ? *third : *second)},
    };
    if (!day.ok()) return std::nullopt;
    return std::chrono::sys_days{day};
}

std::optional<LogTime> take_time_of_day(std::string_view& text)
{
    const auto hour = take_digits(text, 2, "T ");
    const auto minute = take_digits(text, 2, ":");
    const auto second = take_digits(text, 2, ":");
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    double seconds = *hour * 3600.0 + *minute * 60.0 + *second;
    if (text.starts_with('.')) {
        const auto length = std::min(text.find_first_not_of("0123456789", 1), text.size());
        const auto fraction = number_of("0" + std::string{text.substr(0, length)});
        if (length < 2 || !fraction) return std::nullopt;
        seconds += *fraction;
        text.remove_prefix(length);
    }
    return LogTime{seconds};
}

}  // namespace

std::optional<ReadTime> read_time(std::string_view text)
{
    text = trimmed(text);
    if (const auto seconds = number_of(text)) {
        if (*seconds >= last_unix_second || *seconds <= -first_unix_second) return std::nullopt;
        return ReadTime{LogTime{*seconds},
                        *seconds < first_unix_second ? TimeKind::since_start : TimeKind::since_epoch};
    }
    const auto day = take_day(text);
    if (!day) return std::nullopt;
    const auto time_of_day = take_time_of_day(text);
    if (!time_of_day) return std::nullopt;
    const auto at = LogTime{day->time_since_epoch()} + *time_of_day;
    text = trimmed(text);
    if (text.empty()) return ReadTime{at, TimeKind::local};
    const auto zone = text::utc_offset(text);
    if (!zone) return std::nullopt;
    return ReadTime{at - *zone, TimeKind::zoned};
}

LogTime LogClock::read(const LogLine& line, std::string_view name, std::string_view text)
{
    const auto time = read_time(text);
    const auto what = std::string{name} + ": " + in_quotes(text);
    if (!time)
        line.refuse(what + " is no time; seconds or a date such as 2024-05-01T12:34:56Z would be (no milliseconds)");
    if (kind_ && *kind_ != time->kind) line.refuse(what + " is another kind of time than the lines before have");
    kind_ = time->kind;
    return *kind_ == TimeKind::local ? time->at - utc_offset_.value_or(std::chrono::minutes{}) : time->at;
}

void LogClock::add_notes(std::vector<std::string>& notes) const
{
    if (kind_ == TimeKind::local && !utc_offset_)
        notes.emplace_back("its times name no zone and were read as UTC; give the offset if they are another zone's");
}

}  // namespace fedgram::power_logs
