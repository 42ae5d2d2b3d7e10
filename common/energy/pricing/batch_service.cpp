#include "common/energy/pricing/batch_service.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fedgram::energy {

namespace {

constexpr double most_samples = 1 << 20;  // of any batch

Seconds linear(const Figure& each_batch, const Figure& each_request, std::uint32_t batch)
{
    return Seconds{each_batch.value + each_request.value * batch};
}

}  // namespace

Seconds BatchService::before(std::uint32_t batch) const
{
    return form ? linear(form->batch_s, form->request_s, batch) : floor;
}

Seconds BatchService::on_device(std::uint32_t batch) const
{
    if (form) return form->engine_time(batch);
    const double samples = batch;
    const double moved = batch > batch_that_fits_chip ? batch - batch_that_fits_chip : 0;
    return std::max(compute_each * samples, read_weights + move_each * moved);
}

Seconds BatchService::server_work(std::uint32_t batch) const
{
    const auto computed = on_device(batch);
    return form ? computed + linear(form->server_batch_core_s, form->server_request_core_s, batch) : computed;
}

Seconds BatchService::client_work(std::uint32_t batch) const
{
    return form ? linear(form->client_batch_core_s, form->client_request_core_s, batch) : Seconds{};
}

Seconds BatchService::work(std::uint32_t batch) const
{
    const auto computed = on_device(batch);
    if (!form) return computed;
    const auto worked = computed + linear(form->full_batch_core_s, form->full_request_core_s, batch);
    if (!form->most_per_s) return worked;
    return std::max(worked, Seconds{cores * batch / form->most_per_s->value});
}

Seconds BatchService::busy(std::uint32_t batch) const
{
    return form ? server_work(batch) * (1 / cores) : seconds(batch);
}

BatchService in_open_loop(BatchService service)
{
    if (service.form) service.form->request_s.value += service.form->arrival_s.value;
    return service;
}

BatchService batch_service(const ServingProfile& device, const BatchDemand& demand)
{
    const auto* rate = device.rate(demand.arithmetic);
    assert(rate != nullptr);
    BatchService service;
    if (const auto* measured = device.form(demand.arithmetic, demand.macs, demand.weight_bytes)) {
        service.form = *measured;
        service.cores = device.cores->value;
        return service;
    }
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
