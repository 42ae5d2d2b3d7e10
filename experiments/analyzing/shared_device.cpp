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

serving::Nanoseconds claimed_by(const energy::BatchService& service, std::uint32_t batch)
{
    if (!service.form) return {};
    return nanoseconds((service.server_work(batch) + service.client_work(batch)) * (1 / service.cores));
}

}  // namespace

serving::Nanoseconds SharedDevice::run(std::uint32_t batch, serving::Nanoseconds begin)
{
    const auto wake = begin > last_end_ || begin == serving::Nanoseconds{} ? wake_ : Seconds{};
    const auto computes = std::max(nanoseconds(service_.on_device(batch)), least);
    const auto works = std::max(nanoseconds(service_.work(batch) * (1 / service_.cores)), least);
    const auto ready = begin + nanoseconds(wake + service_.before(batch));
    // The cores' work has what they do ahead of computing in it.
    const auto done = std::max(service_.form ? begin : ready, free_at_) + works;
    const auto end = std::max(ready + computes, done);
    busy_ += service_.form ? nanoseconds(service_.busy(batch)) : end - std::max(begin, free_at_);
    claimed_ += claimed_by(service_, batch);
    free_at_ = done;
    last_end_ = std::max(last_end_, end);
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
    return std::min(by_instances, service.cores * batch / service.work(max_batch).count());
}

double share_at_capacity(const energy::BatchService& service, std::uint32_t instances, std::uint32_t max_batch)
{
    if (!service.form) return 1;
    const double batches = shared_capacity(service, instances, max_batch) / max_batch;
    // Where all cores are busy none has to be woken, and both take less: as much as there is.
    return batches * service.busy(max_batch).count() /
           std::max(1.0, batches * serving::seconds(claimed_by(service, max_batch)).count());
}

}  // namespace fedgram::experiments
