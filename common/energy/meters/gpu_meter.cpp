#include "common/energy/meters/gpu_meter.hpp"

#include <utility>

#include "common/energy/meters/elapsed.hpp"

namespace fedgram::energy {

GpuMeter::GpuMeter(std::unique_ptr<Meter> energy, std::function<std::optional<double>()> busy)
    : Meter{energy->name(), energy->boundary(), energy->method(), energy->resolution()},
      energy_{std::move(energy)},
      busy_{std::move(busy)}
{
}

void GpuMeter::reset()
{
    at_.reset();
    reading_ = {};
}

void GpuMeter::sample(Instant now)
{
    auto busy = reading_.busy;
    if (!at_) {
        energy_->start(now);
        reading_ = {};
    } else {
        reading_ = energy_->read(now);
        if (const auto share = busy_(); share && now > *at_)
            busy = busy.value_or(Seconds{}) + elapsed(*at_, now) * *share;
    }
    reading_.busy = busy;
    at_ = now;
}

Reading GpuMeter::reading() const { return reading_; }

}  // namespace fedgram::energy
