#include "common/serving/arrivals.hpp"

#include <cmath>
#include <cstdint>

#include "common/error/error.hpp"
#include "common/serving/exponential.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::serving {

namespace {

double mean_gap(double per_second)
{
    if (!(per_second >= 1e-6 && per_second <= 1e9))
        throw SpecError{"per_second: " + text::shortest(per_second) +
                        " is not valid; use 1e-6 to 1e9 requests a second"};
    return nanoseconds_per_second / per_second;
}

}  // namespace

Arrivals::Arrivals(const ConstantRate& rate) : mean_gap_{mean_gap(rate.per_second)} {}

Arrivals::Arrivals(const PoissonRate& rate) : mean_gap_{mean_gap(rate.per_second)}, stream_{rate.stream} {}

Nanoseconds Arrivals::next()
{
    const double gap = (stream_ ? exponential(*stream_, mean_gap_) : mean_gap_) + fraction_;
    const double whole = std::floor(gap);
    fraction_ = gap - whole;
    last_ += Nanoseconds{static_cast<std::int64_t>(whole)};
    return last_;
}

}  // namespace fedgram::serving
