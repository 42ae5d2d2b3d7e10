#include "common/energy/logs/log_number.hpp"

#include <charconv>
#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::power_logs {

std::optional<double> number_of(std::string_view text)
{
    text = trimmed(text);
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

double number_in(const LogLine& line, std::string_view name, std::string_view text)
{
    if (const auto number = number_of(text)) return *number;
    const auto what = std::string{name} + ": " + in_quotes(text);
    if (text.find(',') != std::string_view::npos && text.find_first_not_of("0123456789.,+- ") == std::string_view::npos)
        line.refuse(what + " has a decimal comma; a log needs points, as a program writes them under LC_ALL=C");
    line.refuse(what + " is no number");
}

double not_negative_in(const LogLine& line, std::string_view name, std::string_view text)
{
    const double number = number_in(line, name, text);
    if (number < 0) line.refuse(std::string{name} + ": " + in_quotes(text) + " is below 0");
    return number;
}

Watts watts_in(const LogLine& line, std::string_view name, std::string_view text)
{
    return plausible(line, name, Watts{number_in(line, name, text)});
}

Watts plausible(const LogLine& line, std::string_view name, Watts power)
{
    // Written so that a NaN is refused too.
    if (!(power >= Watts{} && power <= most_plausible))
        line.refuse(std::string{name} + ": " + text::shortest(power.count()) + " W can't be; it takes 0 to " +
                    text::fixed(most_plausible.count(), 0) + " W");
    return power;
}

}  // namespace fedgram::power_logs
