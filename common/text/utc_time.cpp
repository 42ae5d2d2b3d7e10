#include "common/text/utc_time.hpp"

#include <cstdio>

#include "common/text/written_time.hpp"

namespace fedgram::text {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether `text` is like `form`, in which 0 stands for any digit.
bool has_form(std::string_view text, std::string_view form)
{
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i]) return false;
    return true;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_utc(std::string_view text)
{
    if (!has_form(text, "0000-00-00T00:00:00Z") && !has_form(text, "0000-00-00T00:00Z")) return std::nullopt;
    const auto time = written_time(text);
    return time ? std::optional{time->clock} : std::nullopt;
}

std::string utc_text(std::chrono::sys_seconds time)
{
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day day{midnight};
    const std::chrono::hh_mm_ss clock{time - midnight};
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

}  // namespace fedgram::text
