#include "common/report/lifecycle/development.hpp"

#include <algorithm>

#include "common/carbon/emissions/energy_band.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/report/statement/cost.hpp"

namespace fedgram::report {

namespace {

using energy::DeviceProfile;

/// On the first data-centre device, at the first PUE. `joules_on` gives the joules by a device, before PUE.
template <class JoulesOn>
Spent on_first_device(const Table& table, Joules likely, GramsCO2e grams, Seconds time, JoulesOn joules_on)
{
    const auto& accounting = table.accounting;
    const auto& device = accounting.datacenter_devices.front();
    const auto [least, most] = carbon::band_ends({{device}, accounting.network});
    const auto pue = accounting.pue.front();
    const Ends<Joules> ends{joules_on(least.devices.front()) * pue, joules_on(most.devices.front()) * pue};
    if (likely == Joules{}) return {};
    auto result = spent(likely, ends, grams / likely, accounting.energy_usd_per_kwh.value);
    result.grams = grams;
    result.device_time = time;
    if (device.rental_usd_per_hour) {
        result.rent_usd = time.count() / 3600 * device.rental_usd_per_hour->value;
        result.usd = *result.rent_usd;
    }
    return result;
}

Seconds coordinator_time(const energy::TrainingWork& training, const DeviceProfile& device)
{
    Seconds sum;
    for (const auto& each : training.own)
        if (each.phase == energy::Phase::evaluate || each.phase == energy::Phase::aggregate)
            sum += energy::price(training.works[each.work], device).seconds;
    return sum;
}

}  // namespace

Spent training_spent(const Table& table, const run::RunRecord& run, std::size_t index)
{
    const auto& column = table.columns[index];
    const auto& cell = table.cell(0, index);
    const auto costs = cost(table, run, column);
    Spent result{.joules = column.energy.operational(),
                 .grams = cell.emissions.operational(),
                 .joule_ends = {column.band.low(), column.band.high()},
                 .gram_ends = {table.low(cell), table.high(cell)},
                 .embodied = cell.emissions.embodied,
                 .device_time = column.energy.device_time,
                 .electricity_usd = costs.electricity_usd,
                 .rent_usd = costs.rent_usd,
                 .usd = costs.usd()};
    if (!result.embodied) return result;
    Ends<double> reach{1, 1};
    for (const auto& device : table.devices(column)) {
        const auto own = embodied_reach(device);
        reach = {std::min(reach.low, own.low), std::max(reach.high, own.high)};
    }
    result.embodied_ends = Ends<GramsCO2e>{*result.embodied * reach.low, *result.embodied * reach.high};
    return result;
}

Spent evaluation_spent(const Table& table, const run::RunRecord& run, std::size_t index)
{
    const auto& training = table.trainings[index];
    const auto& work = run.trainings[index].work;
    return on_first_device(table, training.coordinator, training.coordinator_emissions.front(),
                           coordinator_time(work, table.accounting.datacenter_devices.front()),
                           [&](const DeviceProfile& device) { return energy::coordinator_energy(work, device); });
}

Spent levers_spent(const Table& table, const ReductionRow& row)
{
    auto work = row.cost.tuning;
    work += row.cost.passes;
    const auto& device = table.accounting.datacenter_devices.front();
    return on_first_device(table, row.one_off, row.one_off_grams, energy::price(work, device).seconds,
                           [&](const DeviceProfile& end) { return energy::price(work, end).joules; });
}

Ends<double> embodied_reach(const energy::DeviceProfile& profile)
{
    const auto& making = profile.embodied_kgco2e;
    const auto& lifetime = profile.lifetime_years;
    if (!making || !lifetime || making->value == 0) return {1, 1};
    const auto low = [](const energy::Figure& figure) { return figure.low.value_or(figure.value) / figure.value; };
    const auto high = [](const energy::Figure& figure) { return figure.high.value_or(figure.value) / figure.value; };
    return {low(*making) / high(*lifetime), high(*making) / low(*lifetime)};
}

}  // namespace fedgram::report
