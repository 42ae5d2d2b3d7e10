#include "common/report/lifecycle/spent.hpp"

namespace fedgram::report {

namespace {

template <class Value>
Ends<Value> operator+(const Ends<Value>& one, const Ends<Value>& other)
{
    return {one.low + other.low, one.high + other.high};
}
template <class Value>
Ends<Value> operator*(const Ends<Value>& one, double times)
{
    return {one.low * times, one.high * times};
}

template <class Value>
std::optional<Value> known_sum(const std::optional<Value>& one, const std::optional<Value>& other)
{
    if (one && other) return *one + *other;
    return one ? one : other;
}
template <class Value>
std::optional<Value> scaled(const std::optional<Value>& value, double times)
{
    return value ? std::optional{*value * times} : std::nullopt;
}

}  // namespace

Spent operator+(const Spent& one, const Spent& other)
{
    return {.joules = one.joules + other.joules,
            .grams = one.grams + other.grams,
            .joule_ends = one.joule_ends + other.joule_ends,
            .gram_ends = one.gram_ends + other.gram_ends,
            .embodied = known_sum(one.embodied, other.embodied),
            .embodied_ends = known_sum(one.embodied_ends, other.embodied_ends),
            .device_time = known_sum(one.device_time, other.device_time),
            .electricity_usd = one.electricity_usd + other.electricity_usd,
            .rent_usd = known_sum(one.rent_usd, other.rent_usd),
            .usd = one.usd + other.usd};
}

Spent operator*(const Spent& one, double times)
{
    return {.joules = one.joules * times,
            .grams = one.grams * times,
            .joule_ends = one.joule_ends * times,
            .gram_ends = one.gram_ends * times,
            .embodied = scaled(one.embodied, times),
            .embodied_ends = scaled(one.embodied_ends, times),
            .device_time = scaled(one.device_time, times),
            .electricity_usd = one.electricity_usd * times,
            .rent_usd = scaled(one.rent_usd, times),
            .usd = one.usd * times};
}

Spent spent(Joules joules, const Ends<Joules>& ends, GramsPerKilowattHour grid, double usd_per_kilowatt_hour)
{
    const double usd = kilowatt_hours(joules) * usd_per_kilowatt_hour;
    return {.joules = joules,
            .grams = joules * grid,
            .joule_ends = ends,
            .gram_ends = {ends.low * grid, ends.high * grid},
            .electricity_usd = usd,
            .usd = usd};
}

Spent spent(Joules joules, GramsPerKilowattHour grid, double usd_per_kilowatt_hour)
{
    return spent(joules, {joules, joules}, grid, usd_per_kilowatt_hour);
}

}  // namespace fedgram::report
