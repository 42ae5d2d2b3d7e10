#include "common/energy/pricing/batch_service.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fedgram::energy {

namespace {

constexpr double most_samples = 1 << 20;  // of any batch

}

Seconds BatchService::on_device(std::uint32_t batch) const
{
    const double samples = batch;
    const double moved = batch > batch_that_fits_chip ? batch - batch_that_fits_chip : 0;
    return std::max(compute_each * samples, read_weights + move_each * moved);
}

BatchService batch_service(const ServingProfile& device, const BatchDemand& demand)
{
    const auto* rate = device.rate(demand.arithmetic);
    assert(rate != nullptr);
    BatchService service;
    service.floor = Seconds{device.floor_s.value};
    service.compute_each = Seconds{static_cast<double>(demand.macs) / (rate->gmac_per_s.value * 1e9)};
    if (!device.memory_gb_s) return service;
    const double bytes_per_second = device.memory_gb_s->value * 1e9;
    const double kept = device.weights_on_chip_bytes ? device.weights_on_chip_bytes->value : 0;
    service.read_weights = Seconds{std::max(0.0, static_cast<double>(demand.weight_bytes) - kept) / bytes_per_second};
    service.move_each = Seconds{static_cast<double>(demand.activation_bytes) / bytes_per_second};
    if (device.on_chip_bytes && demand.peak_activation_bytes > 0)
        service.batch_that_fits_chip = static_cast<std::uint32_t>(std::min(
            most_samples, std::floor(device.on_chip_bytes->value / static_cast<double>(demand.peak_activation_bytes))));
    return service;
}

}  // namespace fedgram::energy
