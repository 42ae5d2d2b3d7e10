#include "common/text/utc_time.hpp"

#include <cstdio>

namespace fedgram::text {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of `text` from `begin` as a number.
int digits(std::string_view text, std::size_t begin, std::size_t count)
{
    int number = 0;
    for (const char c : text.substr(begin, count)) number = number * 10 + (c - '0');
    return number;
}

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
    const bool with_seconds = has_form(text, "0000-00-00T00:00:00Z");
    if (!with_seconds && !has_form(text, "0000-00-00T00:00Z")) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year{digits(text, 0, 4)},
                                          std::chrono::month{static_cast<unsigned>(digits(text, 5, 2))},
                                          std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = with_seconds ? digits(text, 17, 2) : 0;
    if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
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
