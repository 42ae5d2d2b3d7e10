#include "common/energy/meters/counter_meter.hpp"

#include <algorithm>

namespace fedgram::energy {

namespace {

Seconds slowest(const std::vector<Counter>& counters)
{
    double seconds = 0;
    for (const auto& counter : counters) seconds = std::max(seconds, counter.rules.update_period.count());
    return Seconds{seconds};
}

}  // namespace

CounterMeter::CounterMeter(std::string name, Boundary boundary, std::vector<Counter> counters)
    : Meter{std::move(name), boundary, Method::counter, slowest(counters)}, counters_{std::move(counters)}
{
}

void CounterMeter::reset()
{
    totals_.clear();
    for (const auto& counter : counters_) totals_.emplace_back(counter.name, counter.rules);
    mirrors_ = {};
}

void CounterMeter::sample(Instant now)
{
    std::vector<Joules> added;
    for (std::size_t index = 0; index < counters_.size(); ++index)
        added.push_back(totals_[index].sample(counters_[index].read(), now));
    mirrors_.observe(added);
}

Reading CounterMeter::reading() const
{
    Reading reading;
    for (const auto& total : totals_) {
        if (const auto joules = total.joules()) reading.joules = reading.joules.value_or(Joules{}) + *joules;
        reading.gaps.insert(reading.gaps.end(), total.gaps().begin(), total.gaps().end());
    }
    if (const auto pair = mirrors_.mirrored())
        reading.warnings.push_back(totals_[pair->first].name() + " and " + totals_[pair->second].name() +
                                   " rise exactly alike; they may be one counter, counted twice");
    return reading;
}

}  // namespace fedgram::energy
