#include "common/report/statement/cost.hpp"

#include "common/energy/pricing/pricing.hpp"

namespace fedgram::report {

namespace {

std::optional<Joules> prediction_energy(const run::TrainingRecord& record, const energy::DeviceProfile& device)
{
    Joules joules;
    std::uint64_t predictions = 0;
    for (const auto& each : record.work.own) {
        if (each.phase != energy::Phase::evaluate) continue;
        const auto& work = record.work.works[each.work];
        joules += energy::price(work, device).joules;
        predictions += work.samples;
    }
    if (predictions == 0) return std::nullopt;
    // A model in use has nothing kept: what evaluations read of its frozen layers it computes.
    if (const auto& frozen = record.outcome.frozen; frozen && frozen->evaluated_samples > 0) {
        const auto computed = static_cast<double>(frozen->evaluated_samples);
        const double read = static_cast<double>(predictions) - computed;
        joules += energy::price(frozen->evaluation, device).joules * (read / computed);
    }
    return joules * (1.0 / static_cast<double>(predictions));
}

}  // namespace

ColumnCost cost(const Table& table, const run::RunRecord& run, const Column& column)
{
    ColumnCost result;
    result.electricity_usd = kilowatt_hours(column.energy.operational()) * table.accounting.energy_usd_per_kwh.value;
    if (column.measured) return result;                 // neither a price nor watts of inference are known of it
    if (table.fleet(column) != nullptr) return result;  // there is no one device that predicts
    const auto& device = table.device(column);
    if (device.rental_usd_per_hour)
        result.rent_usd = column.energy.device_time.count() / 3600 * device.rental_usd_per_hour->value;
    if (const auto plain = prediction_energy(run.trainings[column.training], device)) {
        result.per_prediction = column.pue ? *plain * *column.pue : *plain;
        if (*result.per_prediction > Joules{})
            result.predictions_as_training = column.energy.operational().count() / result.per_prediction->count();
    }
    return result;
}

}  // namespace fedgram::report
