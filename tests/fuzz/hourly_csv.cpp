// The CSV of hourly grid intensities: each hour has its value, and an hour's mean is that value.

#include "common/carbon/grid/hourly_series.hpp"

#include <cmath>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
using std::chrono::hours;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<DataError>([&] {
        const auto series = carbon::HourlySeries::parse_csv(fuzz::text_of(data, size), "hourly.csv");
        for (auto hour = series.begin(); hour < series.end(); hour += hours{1}) {
            const auto grams = series.at(hour).count();
            fuzz::require(std::isfinite(grams) && grams >= 0, "an intensity is a number of at least 0");
            if (grams > 1e300) continue;  // times the seconds of an hour it is no number any more
            const auto mean = series.mean(hour, hours{1}).count();
            fuzz::require(std::abs(mean - grams) <= 1e-12 * grams, "an hour's mean is its value");
            fuzz::require(text::parse_utc(text::utc_text(hour)) == hour, "a time that is written reads back equal");
        }
    });
    return 0;
}
