#pragma once

#include <optional>

#include "common/random/stream.hpp"
#include "common/serving/load.hpp"
#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving {

/// When the requests of an open loop are due, one after the other: the first comes a gap after 0. Latency counts from
/// this time, however late a generator sends: what waits in the generator would be hidden else.
class Arrivals {
public:
    /// Both throw SpecError for a rate that isn't from 1e-6 to 1e9 a second.
    explicit Arrivals(const ConstantRate& rate);
    explicit Arrivals(const PoissonRate& rate);

    [[nodiscard]] Nanoseconds next();

private:
    double mean_gap_;               // ns
    std::optional<Stream> stream_;  // of random gaps
    Nanoseconds last_;
    double fraction_ = 0;  // of a nanosecond that `last_` leaves out, so that no gap is rounded for good
};

}  // namespace fedgram::serving
