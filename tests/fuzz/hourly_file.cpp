// A file of grid intensities, of each form and as various options read it: each hour has its value, an hour's mean is
// that value, and what was filled in or forecast are hours of the series. What needs no filling is the same with it.

#include "common/carbon/grid/hourly_formats/read_hourly.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
using std::chrono::hours;

namespace {

void check_hours_of(const carbon::HourlySeries& series, const std::vector<std::chrono::sys_seconds>& some)
{
    fuzz::require(std::ranges::is_sorted(some), "hours are in order");
    for (const auto hour : some)
        fuzz::require(hour >= series.begin() && hour < series.end() && hour == std::chrono::floor<hours>(hour),
                      "an hour that is told of is one of the series");
}

void check(const carbon::MadeHours& made)
{
    const auto& series = made.hours;
    for (auto hour = series.begin(); hour < series.end(); hour += hours{1}) {
        const auto grams = series.at(hour).count();
        fuzz::require(std::isfinite(grams) && grams >= 0 && grams <= 1e6 * (1 + 1e-12),
                      "an intensity is a number from 0 to a million");
        const auto mean = series.mean(hour, hours{1}).count();
        fuzz::require(std::abs(mean - grams) <= 1e-12 * grams, "an hour's mean is its value");
        fuzz::require(text::parse_utc(text::utc_text(hour)) == hour, "a time that is written reads back equal");
    }
    check_hours_of(series, made.origins.filled);
    check_hours_of(series, made.origins.forecast);
    fuzz::require(made.origins.left_out >= hours{0} && made.origins.left_out < hours{2},
                  "less than an hour is left out at each end");
}

std::array<carbon::HourlyFileOptions, 3> several_options()
{
    std::array<carbon::HourlyFileOptions, 3> options;
    options[1].basis = "direct";
    options[1].forecast = true;
    options[2].time_column = "t";
    options[2].value_column = "g";
    options[2].time_zone = std::chrono::minutes{-210};
    return options;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto options = several_options();
    const auto text = fuzz::text_of(data, size);
    for (auto each : options)
        fuzz::allow_refusal<DataError>([&] {
            fuzz::allow_refusal<SpecError>([&] {
                each.fill_gaps = hours{30};
                const auto filled = carbon::read_hourly(text, "file", each);
                check(filled.made);
                each.fill_gaps = {};
                const auto plain = carbon::read_hourly(text, "file", each);
                check(plain.made);
                fuzz::require(plain.made.origins.filled.empty(), "nothing is filled in that nobody asked for");
                fuzz::require(plain.made.hours == filled.made.hours && plain.made.origins == filled.made.origins,
                              "what needs no filling is the same with it");
            });
        });
    return 0;
}
