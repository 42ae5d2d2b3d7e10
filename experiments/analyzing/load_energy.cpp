#include "experiments/analyzing/load_energy.hpp"

namespace fedgram::experiments {

namespace {

constexpr double most_lost = 0.1;

bool encloses_more(const energy::MeterReading& meter, const energy::MeterReading& than)
{
    if (meter.boundary != than.boundary) return meter.boundary > than.boundary;
    return meter.method == energy::Method::counter && than.method != energy::Method::counter;
}

}  // namespace

std::optional<Joules> metered_joules(std::span<const energy::MeterReading> readings, Seconds length)
{
    const energy::MeterReading* best = nullptr;
    for (const auto& meter : readings) {
        if (!meter.reading.complete() || meter.resolution > length * most_lost) continue;
        if (!best || encloses_more(meter, *best)) best = &meter;
    }
    return best ? best->reading.joules : std::nullopt;
}

}  // namespace fedgram::experiments
