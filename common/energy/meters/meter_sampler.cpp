#include "common/energy/meters/meter_sampler.hpp"

namespace fedgram::energy {

MeterSampler::MeterSampler(std::vector<std::unique_ptr<Meter>> meters, std::chrono::milliseconds period)
    : meters_{std::move(meters)}, period_{period}
{
    const auto now = Instant::clock::now();
    for (const auto& meter : meters_) meter->start(now);
    thread_ = std::jthread{[this](const std::stop_token& stopped) { sample(stopped); }};
}

std::vector<MeterReading> MeterSampler::readings()
{
    const std::lock_guard lock{mutex_};
    const auto now = Instant::clock::now();
    std::vector<MeterReading> readings;
    for (const auto& meter : meters_)
        readings.push_back({meter->name(), meter->boundary(), meter->method(), meter->resolution(), meter->read(now)});
    return readings;
}

void MeterSampler::stop()
{
    thread_.request_stop();
    const std::lock_guard lock{mutex_};
    const auto now = Instant::clock::now();
    for (const auto& meter : meters_) meter->stop(now);
}

void MeterSampler::sample(const std::stop_token& stopped)
{
    std::unique_lock lock{mutex_};
    while (!wake_.wait_for(lock, stopped, period_, [&] { return stopped.stop_requested(); })) {
        const auto now = Instant::clock::now();
        for (const auto& meter : meters_) static_cast<void>(meter->read(now));
    }
}

}  // namespace fedgram::energy
