#include "common/energy/meters/power_meter.hpp"

namespace fedgram::energy {

PowerMeter::PowerMeter(const std::string& name, Boundary boundary, Watts most, std::function<Attempt<Watts>()> read)
    : Meter{name, boundary, Method::power_integrated, Seconds{std::chrono::duration<double>{sampling_period}.count()}},
      most_{most},
      read_{std::move(read)},
      integral_{name, most}
{
}

void PowerMeter::reset() { integral_ = PowerIntegral{name(), most_}; }

void PowerMeter::sample(Instant now) { integral_.sample(read_(), now); }

Reading PowerMeter::reading() const
{
    Reading reading;
    reading.joules = integral_.joules();
    reading.gaps = integral_.gaps();
    return reading;
}

}  // namespace fedgram::energy
