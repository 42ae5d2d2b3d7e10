#include "experiments/analyzing/shared_device.hpp"

#include <algorithm>
#include <cmath>

namespace fedgram::experiments {

namespace {

// Time has to pass, or a closed loop would never end.
constexpr serving::Nanoseconds least{1};

serving::Nanoseconds nanoseconds(Seconds time)
{
    return serving::Nanoseconds{
        static_cast<std::int64_t>(std::floor(time.count() * serving::nanoseconds_per_second + 0.5))};
}

}  // namespace

serving::Nanoseconds SharedDevice::run(std::uint32_t batch, serving::Nanoseconds begin)
{
    const auto computes = std::max(nanoseconds(service_.on_device(batch)), least);
    const auto end = std::max(begin + nanoseconds(service_.floor), free_at_) + computes;
    busy_ += end - std::max(begin, free_at_);
    free_at_ = end;
    return end - begin;
}

serving::ServiceTime service_of(const std::shared_ptr<SharedDevice>& device)
{
    return [device](std::uint32_t batch, serving::Nanoseconds begin) { return device->run(batch, begin); };
}

double shared_capacity(const energy::BatchService& service, std::uint32_t instances, std::uint32_t max_batch)
{
    const double batch = max_batch;
    const double by_instances = instances * batch / service.seconds(max_batch).count();
    return std::min(by_instances, batch / service.on_device(max_batch).count());
}

}  // namespace fedgram::experiments
