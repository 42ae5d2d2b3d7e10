#include "common/energy/meters/cpu_estimate.hpp"

#include <utility>

namespace fedgram::energy {

CpuEstimate::CpuEstimate(std::string name, CorePower power, std::function<double()> cpu_seconds)
    : Meter{std::move(name), Boundary::chip, Method::estimated, Seconds{}},
      power_{power},
      cpu_seconds_{std::move(cpu_seconds)}
{
}

void CpuEstimate::reset()
{
    first_.reset();
    used_.reset();
}

void CpuEstimate::sample(Instant)
{
    const double seconds = cpu_seconds_();
    if (first_)
        used_ = seconds - *first_;
    else
        first_ = seconds;
}

Reading CpuEstimate::reading() const
{
    Reading reading;
    if (!used_) return reading;
    const Seconds used{*used_};
    reading.low = power_.low() * used;
    reading.joules = power_.likely() * used;
    reading.high = power_.high() * used;
    return reading;
}

}  // namespace fedgram::energy
