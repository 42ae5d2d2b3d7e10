#include "common/report/lifecycle/lifecycle.hpp"

#include <tuple>
#include <utility>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/emissions/embodied.hpp"
#include "common/carbon/emissions/energy_band.hpp"
#include "common/report/explain/section.hpp"
#include "common/report/lifecycle/development.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

std::string joules_text(Joules energy) { return digits(energy.count()) + " J"; }

Electricity electricity_of(const carbon::Accounting& accounting)
{
    return {accounting.countries.front().intensity, accounting.energy_usd_per_kwh.value};
}

/// What one life rests on, put together.
class BasisBuilder {
public:
    BasisBuilder(const Table& table, const run::RunRecord& run, const LifeQuestion& question, ServedModel model,
                 const ServingPlace& place)
        : table_{table}, run_{run}, question_{question}, electricity_{electricity_of(table.accounting)}
    {
        basis_.name = model.label + " on " + place.words();
        basis_.model = std::move(model);
        basis_.place = place;
    }

    LifeBasis basis()
    {
        if (!answers()) return std::move(basis_);
        add_model();
        for (const auto& part : basis_.before) basis_.retraining = basis_.retraining + part.spent;
        add_past();
        add_never_used();
        set_network();
        set_device();
        return std::move(basis_);
    }

private:
    bool answers()
    {
        const auto& [model, place] = std::tie(basis_.model, basis_.place);
        const auto refuse = [&](std::string why_not) {
            basis_.why_not = std::move(why_not);
            return false;
        };
        if (!model.knows_memory && place.device && place.device->inference &&
            (place.device->inference->ram_bytes || place.device->inference->flash_bytes))
            return refuse(place.id() + ": the run doesn't tell what its model holds in memory");
        if (model.demand.work.flops == 0 && model.demand.int8_ops == 0)
            return refuse(model.label + ": neither its layers nor an evaluation tell what a prediction takes");
        auto priced = place.serving ? priced_request(model.demand, *place.serving, place.batch)
                                    : priced_request(model.demand, *place.device);
        if (!priced.prices) return refuse(std::move(priced.why_not));
        basis_.request = std::move(priced.prices);
        // It was evaluated in float32.
        const auto numbers = basis_.request->numbers;
        if (model.demand.int8_ops == 0 && numbers != energy::Arithmetic::fp32) basis_.model.accuracy.reset();
        return true;
    }

    void add(LifePart part)
    {
        if (part.spent.joules > Joules{}) basis_.before.push_back(std::move(part));
    }

    // What comes once more with each retraining.
    void add_model()
    {
        const auto& model = basis_.model;
        const auto& column = table_.columns[model.column];
        add({LifeStage::training, training_spent(table_, run_, model.column),
             "the table's cell " + table_.accounting.countries.front().iso3 + "/" + column.heading + ": devices " +
                 joules_text(column.energy.devices) + " + network " + joules_text(column.energy.network)});
        add({LifeStage::evaluation, evaluation_spent(table_, run_, column.training),
             "its evaluations and aggregation, on " + central_device()});
        add({LifeStage::levers, model.one_off, model.levers + ", on " + central_device()});
    }

    void add_past()
    {
        add({LifeStage::lost, spent(run_.wasted, electricity_.grid, electricity_.usd_per_kilowatt_hour),
             std::to_string(run_.wasted_lines) + " lines of the run's ledger, before PUE and network"});
        Spent all;
        std::vector<std::string> names;
        for (const auto& trials : question_.trials) {
            all = all + trials.spent;
            names.push_back(std::to_string(trials.runs) + " runs of " + trials.name + ", " +
                            joules_text(trials.spent.joules));
        }
        add({LifeStage::trials, all, text::joined(names, " + ")});
    }

    void add_never_used()
    {
        const auto developed = basis_.before_use();
        const auto& plan = question_.plan;
        const double times = plan.failed_for_each();
        add({LifeStage::never_used, developed * times,
             "assumed: " + digits(plan.failed_share) + " / (1 - " + digits(plan.failed_share) + ") = " + digits(times) +
                 " models that never come into use x " + joules_text(developed.joules)});
    }

    void set_network()
    {
        const auto& request = question_.plan.request;
        if (!request || basis_.place.on_clients) return;
        const auto& accounting = table_.accounting;
        const auto& likely = accounting.network;
        const auto [least, most] = carbon::band_ends({{accounting.edge_device}, likely});
        const auto by = [&](const carbon::NetworkModel& network) {
            return carbon::network_energy(request->answered, request->sent, accounting.link, network, likely.method);
        };
        basis_.network = spent(by(likely), {by(least.network), by(most.network)}, electricity_.grid,
                               electricity_.usd_per_kilowatt_hour);
        basis_.network_formula = joules_text(by(likely)) + " (" + std::to_string(request->sent) + " bytes sent, " +
                                 std::to_string(request->answered) + " answered, " + std::string{likely.figure_key()} +
                                 " " + digits(likely.figure().value) + ")";
    }

    /// The device's making, and its rent.
    void set_device()
    {
        const auto& place = basis_.place;
        if (!place.device || !place.device->profile) return;
        const auto& profile = *place.device->profile;
        basis_.embodied_per_hour = carbon::embodied_share(profile, Seconds{3600});
        basis_.embodied_reach = embodied_reach(profile);
        if (profile.rental_usd_per_hour && !place.on_clients)
            basis_.rent_usd_per_hour = profile.rental_usd_per_hour->value;
    }

    [[nodiscard]] std::string central_device() const
    {
        const auto& accounting = table_.accounting;
        return accounting.datacenter_devices.front().id + ", PUE " + text::shortest(accounting.pue.front().ratio());
    }

    const Table& table_;
    const run::RunRecord& run_;
    const LifeQuestion& question_;
    Electricity electricity_;
    LifeBasis basis_;
};

}  // namespace

Lifecycle lifecycle(const Table& table, const run::RunRecord& run, const LifeQuestion& question)
{
    check(question.plan);
    const auto& country = table.accounting.countries.front();
    Lifecycle result{.plan = question.plan,
                     .country = country.iso3,
                     .electricity = electricity_of(table.accounting),
                     .is_mean_of_hours = country.hourly.has_value(),
                     .trials = question.trials,
                     .lives = {},
                     .break_evens = {},
                     .left_out = {},
                     .unfinished = question.unfinished,
                     .start = table.trainings.front().outcome.start,
                     .evaluated_on = table.evaluated_on};
    for (auto& model : served_models(table, run, question))
        for (const auto& place : question.places)
            result.lives.push_back(
                life_of(BasisBuilder{table, run, question, model, place}.basis(), question.plan, result.electricity));
    result.break_evens = break_evens(result.lives, question.plan, result.electricity.grid);
    for (const auto& training : table.trainings)
        if (training.outcome.missed_target()) result.left_out.push_back(training.outcome.label);
    return result;
}

}  // namespace fedgram::report
