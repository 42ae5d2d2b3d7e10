#include "common/text/written_time.hpp"

#include <algorithm>

namespace fedgram::text {

namespace {

constexpr std::string_view blanks = " \t";

/// Takes a character of `wanted` from the text's beginning.
bool take_one_of(std::string_view& text, std::string_view wanted)
{
    if (text.empty() || wanted.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::string_view trimmed(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::optional<std::chrono::sys_days> take_day(std::string_view& text)
{
    const auto year = take_digits(text, 4);
    const auto month = take_digits(text, 2, "-/");
    const auto day = take_digits(text, 2, "-/");
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::optional<std::chrono::seconds> take_time_of_day(std::string_view& text)
{
    const auto hour = take_digits(text, 2, "T ");
    const auto minute = take_digits(text, 2, ":");
    const auto second = text.starts_with(':') ? take_digits(text, 2, ":") : std::optional{0};
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    if (take_one_of(text, ".")) {
        const auto zeros = std::min(text.find_first_not_of('0'), text.size());
        if (zeros == 0) return std::nullopt;
        text.remove_prefix(zeros);
    }
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

}  // namespace

std::optional<int> take_digits(std::string_view& text, std::size_t count)
{
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char digit : text.substr(0, count)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + (digit - '0');
    }
    text.remove_prefix(count);
    return value;
}

std::optional<int> take_digits(std::string_view& text, std::size_t count, std::string_view separators)
{
    if (!take_one_of(text, separators)) return std::nullopt;
    return take_digits(text, count);
}

std::optional<WrittenTime> written_time(std::string_view text)
{
    text = trimmed(text);
    const auto day = take_day(text);
    if (!day) return std::nullopt;
    const auto time_of_day = take_time_of_day(text);
    if (!time_of_day) return std::nullopt;
    const WrittenTime time{*day + *time_of_day, std::nullopt};
    text = trimmed(text);
    if (text.empty()) return time;
    const auto ahead = utc_offset(text);
    if (!ahead) return std::nullopt;
    return WrittenTime{time.clock, *ahead};
}

std::optional<std::chrono::minutes> utc_offset(std::string_view text)
{
    constexpr std::chrono::minutes most = std::chrono::hours{14};
    if (text == "Z" || text == "UTC") return std::chrono::minutes{};
    const bool behind = text.starts_with('-');
    const auto hours = take_digits(text, 2, "+-");
    if (!hours) return std::nullopt;
    std::optional<int> minutes = 0;
    if (!text.empty()) {
        take_one_of(text, ":");
        minutes = take_digits(text, 2);
    }
    if (!minutes || !text.empty() || *minutes > 59) return std::nullopt;
    const auto ahead = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    if (ahead > most) return std::nullopt;
    return behind ? -ahead : ahead;
}

}  // namespace fedgram::text
