#include "common/report/table/reductions.hpp"

#include <algorithm>

#include "common/carbon/emissions/inference_band.hpp"
#include "common/carbon/emissions/served_band.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/energy/pricing/served_inference.hpp"
#include "common/report/table/request_demand.hpp"
#include "common/report/table/table.hpp"
#include "common/spec/reduction.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

RequestCost request_cost(const learning::ModelFigures& figures, const RequestDevice& device, double per_second,
                         GramsPerKilowattHour grid)
{
    const auto demand = demand_of(figures);
    const auto* serving = device.serving && energy::prices(*device.serving, demand) ? &*device.serving : nullptr;
    RequestCost request{serving != nullptr ? energy::served_inference(demand, *serving, per_second)
                                           : energy::inference_cost(demand, device.device, per_second)};
    if (!request.cost.energy) return request;
    const double pue = device.pue.value_or(1);
    request.joules = request.cost.energy->sum() * pue;
    request.grams = request.joules * grid;
    const auto& energy = *request.cost.energy;
    const auto band = serving != nullptr ? carbon::served_band(energy, demand, *serving, per_second)
                                         : carbon::inference_band(energy, demand, device.device, per_second);
    request.gram_band = {(band.low * pue * grid).count(), (band.high * pue * grid).count()};
    return request;
}

std::string words_of(const learning::ReductionResult& result)
{
    std::string words;
    for (const auto& step : result.steps) words += (words.empty() ? "" : ", ") + spec::words(step.lever);
    return words;
}

bool is_training(const energy::InferenceEnergy& energy) { return energy.basis == energy::RequestBasis::training; }

class Rows {
public:
    Rows(const Table& table, Reductions& reductions)
        : accounting_{table.accounting},
          grid_{table.accounting.countries[reductions.country].intensity},
          reductions_{reductions}
    {
    }

    void add_model(const std::string& label, std::size_t training, const learning::ModelFigures& figures)
    {
        model_ = reductions_.rows.size();
        add({.label = label,
             .training = training,
             .levers = {},
             .figures = figures,
             .one_off = {},
             .one_off_grams = {}});
    }

    void add_reduced(const learning::ReductionResult& result, std::size_t training)
    {
        const auto cost = result.cost();
        auto work = cost.tuning;
        work += cost.passes;
        const auto& device = accounting_.datacenter_devices.front();
        const auto joules = energy::price(work, device).joules * accounting_.pue.front().ratio();
        add({.label = result.label,
             .training = training,
             .levers = words_of(result),
             .figures = result.after(),
             .accuracy_change = result.after().accuracy - result.before.accuracy,
             .cost = cost,
             .one_off = joules,
             .one_off_grams = joules * grid_,
             .result = result});
        auto& row = reductions_.rows.back();
        const auto& model = reductions_.rows[model_];
        for (std::size_t i = 0; i < row.requests.size(); ++i) {
            if (!row.requests[i].cost.energy || !model.requests[i].cost.energy) continue;
            auto& request = row.requests[i];
            request.is_comparable = true;
            request.is_mixed = is_training(*request.cost.energy) != is_training(*model.requests[i].cost.energy);
            const double saved = model.requests[i].grams.count() - request.grams.count();
            if (saved > 0) request.break_even = row.one_off_grams.count() / saved;
        }
    }

private:
    void add(ReductionRow row)
    {
        for (const auto& device : reductions_.devices)
            row.requests.push_back(request_cost(row.figures, device, reductions_.per_second, grid_));
        reductions_.rows.push_back(std::move(row));
    }

    const carbon::Accounting& accounting_;
    GramsPerKilowattHour grid_;
    Reductions& reductions_;
    std::size_t model_ = 0;  // the row of the training's own model
};

std::vector<RequestDevice> devices_of(const carbon::Accounting& accounting)
{
    const auto pue_of = [&](const energy::InferenceDevice& device) {
        return device.is_in_data_centre() ? std::optional{accounting.pue.front().ratio()} : std::nullopt;
    };
    auto chosen = accounting.inference.devices;
    if (chosen.empty())
        chosen = {{.profile = accounting.datacenter_devices.front()}, {.profile = accounting.edge_device}};
    std::vector<RequestDevice> devices;
    for (auto& device : chosen) {
        const auto* serving = accounting.inference.served_by(device.id());
        devices.push_back({device, pue_of(device), serving != nullptr ? std::optional{*serving} : std::nullopt});
    }
    return devices;
}

}  // namespace

Reductions reductions_of(const Table& table, const run::RunRecord& run, std::size_t country)
{
    Reductions reductions;
    reductions.country = country;
    if (run.reductions.empty()) return reductions;
    const auto& accounting = table.accounting;
    reductions.devices = devices_of(accounting);
    reductions.per_second = accounting.inference.per_second;
    reductions.one_off_device =
        accounting.datacenter_devices.front().id + ", PUE " + text::shortest(accounting.pue.front().ratio());
    Rows rows{table, reductions};
    for (std::size_t i = 0; i < table.trainings.size(); ++i) {
        const auto& label = table.trainings[i].outcome.label;
        bool is_first = true;
        for (const auto& result : run.reductions) {
            if (result.training != label) continue;
            if (is_first) rows.add_model(label, i, result.before);
            is_first = false;
            rows.add_reduced(result, i);
        }
    }
    return reductions;
}

}  // namespace fedgram::report
