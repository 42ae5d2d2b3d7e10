#include "common/report/lifecycle/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/emissions/embodied.hpp"
#include "common/report/explain/section.hpp"
#include "common/report/lifecycle/served_request.hpp"
#include "common/report/statement/cost.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

constexpr double seconds_per_day = 86400;

std::string joules_text(Joules energy) { return digits(energy.count()) + " J"; }

/// One life, put together part by part.
class LifeBuilder {
public:
    LifeBuilder(const Table& table, const run::RunRecord& run, const LifeQuestion& question, ServedModel model,
                const ServingPlace& place)
        : table_{table},
          run_{run},
          question_{question},
          plan_{question.plan},
          grid_{table.accounting.countries.front().intensity}
    {
        life_.name = model.label + " on " + place.words();
        life_.model = std::move(model);
        life_.place = place;
    }

    Life life()
    {
        if (!answers()) return std::move(life_);
        add_model();
        add_past();
        add_never_used();
        for (const auto& part : life_.parts) life_.before_use += part.grams;
        add_retraining();
        add_predictions();
        add_network();
        // Of those in use alone, so that equal ones are the same number.
        GramsCO2e in_use;
        for (const auto& part : life_.parts)
            if (part.stage >= LifeStage::retraining) in_use += part.grams;
        life_.per_prediction = in_use * (1 / plan_.predictions());
        return std::move(life_);
    }

private:
    bool answers()
    {
        const auto& device = life_.place.device;
        if (!life_.model.knows_memory && device.inference &&
            (device.inference->ram_bytes || device.inference->flash_bytes)) {
            life_.why_not = device.id() + ": the run doesn't tell what its model holds in memory";
            return false;
        }
        if (life_.model.demand.work.flops == 0 && life_.model.demand.int8_ops == 0) {
            life_.why_not = life_.model.label + ": neither its layers nor an evaluation tell what a prediction takes";
            return false;
        }
        const auto& serving = life_.place.serving;
        auto cost = serving ? served_cost(life_.model.demand, *serving, plan_.per_second())
                            : energy::inference_cost(life_.model.demand, device, plan_.per_second());
        if (!cost.energy) {
            life_.why_not = std::move(cost.why_not);
            return false;
        }
        life_.request = *cost.energy;
        return true;
    }

    void add(LifePart part)
    {
        if (part.joules > Joules{}) life_.parts.push_back(std::move(part));
    }

    [[nodiscard]] LifePart part(LifeStage stage, Joules joules, std::string formula) const
    {
        return {stage, joules, joules * grid_, std::move(formula)};
    }

    // What comes once more with each retraining.
    void add_model()
    {
        const auto& column = table_.columns[life_.model.column];
        const auto& cell = table_.cell(0, life_.model.column);
        const auto& training = table_.trainings[column.training];
        add({LifeStage::training, column.energy.operational(), cell.emissions.operational(),
             "the table's cell " + country() + "/" + column.heading + ": devices " +
                 joules_text(column.energy.devices) + " + network " + joules_text(column.energy.network),
             cell.emissions.embodied, cost(table_, run_, column).rent_usd});
        add({LifeStage::evaluation, training.coordinator, training.coordinator_emissions.front(),
             "its evaluations and aggregation, on " + central_device()});
        add({LifeStage::levers, life_.model.one_off, life_.model.one_off_grams,
             life_.model.levers + ", on " + central_device()});
    }

    void add_past()
    {
        add(part(LifeStage::lost, run_.wasted,
                 std::to_string(run_.wasted_lines) + " lines of the run's ledger, before PUE and network"));
        Joules joules;
        GramsCO2e grams;
        std::vector<std::string> names;
        for (const auto& trials : question_.trials) {
            joules += trials.joules;
            grams += trials.grams;
            names.push_back(std::to_string(trials.runs) + " runs of " + trials.name + ", " +
                            joules_text(trials.joules));
        }
        add({LifeStage::trials, joules, grams, text::joined(names, " + ")});
    }

    void add_never_used()
    {
        const auto developed = sum_of(life_.parts);
        const double times = plan_.failed_for_each();
        add({LifeStage::never_used, developed.joules * times, developed.grams * times,
             "assumed: " + digits(plan_.failed_share) + " / (1 - " + digits(plan_.failed_share) +
                 ") = " + digits(times) + " models that never come into use x " + joules_text(developed.joules),
             scaled(developed.embodied, times), scaled(developed.rent_usd, times)});
    }

    void add_retraining()
    {
        std::vector<LifePart> again;
        std::ranges::copy_if(life_.parts, std::back_inserter(again),
                             [](const LifePart& part) { return part.stage <= LifeStage::levers; });
        const auto once = sum_of(again);
        const auto times = static_cast<double>(plan_.retrainings());
        if (times == 0) return;
        add({LifeStage::retraining, once.joules * times, once.grams * times,
             digits(times) + " times, each " + digits(*plan_.retrain_every_days) + " days within " +
                 digits(plan_.days) + ", x " + joules_text(once.joules) + " (training, evaluation and levers)",
             scaled(once.embodied, times), scaled(once.rent_usd, times)});
    }

    void add_predictions()
    {
        const auto& request = life_.request;
        const auto& place = life_.place;
        const double predictions = plan_.predictions();
        const double pue = place.pue.value_or(1);
        const auto with_pue = place.pue ? " x PUE " + digits(pue) : std::string{};
        const auto busy = Seconds{request.service.count() * predictions};
        auto computing = part(LifeStage::computing, request.busy * (predictions * pue),
                              joules_text(request.busy) + " (" + digits(request.service.count()) + " s) x " +
                                  digits(predictions) + " predictions" + with_pue);
        charge(computing, busy);
        add(std::move(computing));
        if (place.on_clients || !request.idle) return;
        const auto days = static_cast<double>(request.instances) * plan_.days;
        auto waiting = part(LifeStage::waiting, *request.idle * (predictions * pue),
                            (place.serving ? served_waiting() : plain_waiting(busy)) + with_pue);
        charge(waiting, Seconds{days * seconds_per_day - busy.count()});
        add(std::move(waiting));
    }

    [[nodiscard]] std::string plain_waiting(Seconds busy) const
    {
        return digits(life_.place.device.idle_power()->count()) + " W x (" + std::to_string(life_.request.instances) +
               " x " + digits(plan_.days * seconds_per_day) + " s - " + digits(busy.count()) + " s of computing)";
    }

    // What it draws at a load may not be on the line between idle and busy.
    [[nodiscard]] std::string served_waiting() const
    {
        const auto& request = life_.request;
        const double each = static_cast<double>(request.instances) / plan_.per_second();
        return "(" + digits((request.busy + *request.idle).count() / each) + " W at a load of " +
               digits(100 * life_.load(plan_)) + " % x " + std::to_string(request.instances) + " x " +
               digits(plan_.days * seconds_per_day) + " s - " + joules_text(request.busy * plan_.predictions()) +
               " of computing)";
    }

    void add_network()
    {
        if (!plan_.request || life_.place.on_clients) return;
        const auto& accounting = table_.accounting;
        const auto& network = accounting.network;
        const auto one = carbon::network_energy(plan_.request->answered, plan_.request->sent, accounting.link, network,
                                                network.method);
        add(part(LifeStage::network, one * plan_.predictions(),
                 joules_text(one) + " (" + std::to_string(plan_.request->sent) + " bytes sent, " +
                     std::to_string(plan_.request->answered) + " answered, " + std::string{network.figure_key()} + " " +
                     digits(network.figure().value) + ") x " + digits(plan_.predictions()) + " predictions"));
    }

    /// The device's making, and its rent, for so long.
    void charge(LifePart& part, Seconds time) const
    {
        const auto& profile = life_.place.device.profile;
        if (!profile) return;
        part.embodied = carbon::embodied_share(*profile, time);
        if (profile->rental_usd_per_hour && !life_.place.on_clients)
            part.rent_usd = time.count() / 3600 * profile->rental_usd_per_hour->value;
    }

    static LifePart sum_of(const std::vector<LifePart>& parts)
    {
        LifePart sum;
        for (const auto& part : parts) {
            sum.joules += part.joules;
            sum.grams += part.grams;
            if (part.embodied) sum.embodied = sum.embodied.value_or(GramsCO2e{}) + *part.embodied;
            if (part.rent_usd) sum.rent_usd = sum.rent_usd.value_or(0) + *part.rent_usd;
        }
        return sum;
    }
    template <class Value>
    static std::optional<Value> scaled(const std::optional<Value>& value, double times)
    {
        return value ? std::optional{*value * times} : std::nullopt;
    }

    [[nodiscard]] std::string country() const { return table_.accounting.countries.front().iso3; }
    [[nodiscard]] std::string central_device() const
    {
        const auto& accounting = table_.accounting;
        return accounting.datacenter_devices.front().id + ", PUE " + text::shortest(accounting.pue.front().ratio());
    }

    const Table& table_;
    const run::RunRecord& run_;
    const LifeQuestion& question_;
    const LifePlan& plan_;
    GramsPerKilowattHour grid_;
    Life life_;
};

/// Of grams that are a sum before use and one a prediction.
std::optional<LifeBreakEven> break_even(const std::vector<Life>& lives, std::size_t first, std::size_t second)
{
    const auto before = [&](std::size_t life) { return lives[life].before_use.count(); };
    const auto each = [&](std::size_t life) { return lives[life].per_prediction.count(); };
    if (before(first) == before(second) && each(first) == each(second)) return std::nullopt;
    // The one that emits less at last: less each time, or at equal steps less before.
    const bool is_first = each(first) != each(second) ? each(first) < each(second) : before(first) < before(second);
    LifeBreakEven result{is_first ? first : second, is_first ? second : first};
    const double to_save = before(result.greener) - before(result.other);
    if (to_save > 0) result.predictions = to_save / (each(result.other) - each(result.greener));
    result.is_crosswise = lives[first].model.label != lives[second].model.label &&
                          lives[first].place.words() != lives[second].place.words();
    return result;
}

template <class Quantity, class Member>
Quantity sum_over(const std::vector<LifePart>& parts, Member member, bool inference_alone)
{
    Quantity sum;
    for (const auto& part : parts)
        if (!inference_alone || is_inference(part.stage)) sum += part.*member;
    return sum;
}

}  // namespace

std::string_view name(LifeStage stage)
{
    static constexpr std::array names{"training",   "evaluation", "levers",    "lost work", "trials",
                                      "never used", "retraining", "computing", "waiting",   "network"};
    return names[static_cast<std::size_t>(stage)];
}

std::string ServingPlace::words() const
{
    if (on_clients) return "clients' " + device.id();
    return pue ? device.id() + ", PUE " + text::shortest(*pue) : device.id();
}

Joules Life::joules() const { return sum_over<Joules>(parts, &LifePart::joules, false); }
GramsCO2e Life::grams() const { return sum_over<GramsCO2e>(parts, &LifePart::grams, false); }
Joules Life::inference_joules() const { return sum_over<Joules>(parts, &LifePart::joules, true); }
GramsCO2e Life::inference_grams() const { return sum_over<GramsCO2e>(parts, &LifePart::grams, true); }

bool has_embodied_share(LifeStage stage)
{
    static constexpr std::array stages{LifeStage::training, LifeStage::never_used, LifeStage::retraining,
                                       LifeStage::computing, LifeStage::waiting};
    return std::ranges::find(stages, stage) != stages.end();
}

std::optional<GramsCO2e> Life::embodied() const
{
    GramsCO2e sum;
    for (const auto& part : parts) {
        if (!has_embodied_share(part.stage)) continue;
        if (!part.embodied) return std::nullopt;
        sum += *part.embodied;
    }
    return sum;
}

double Life::load(const LifePlan& plan) const
{
    if (place.on_clients) return 0;
    return plan.per_second() * request.service.count() / static_cast<double>(request.instances);
}

Lifecycle lifecycle(const Table& table, const run::RunRecord& run, const LifeQuestion& question)
{
    check(question.plan);
    const auto& accounting = table.accounting;
    Lifecycle result{.plan = question.plan,
                     .country = accounting.countries.front().iso3,
                     .grid = accounting.countries.front().intensity,
                     .is_mean_of_hours = accounting.countries.front().hourly.has_value(),
                     .usd_per_kilowatt_hour = accounting.energy_usd_per_kwh.value,
                     .trials = question.trials,
                     .lives = {},
                     .break_evens = {},
                     .left_out = {}};
    for (auto& model : served_models(table, run, question))
        for (const auto& place : question.places)
            result.lives.push_back(LifeBuilder{table, run, question, model, place}.life());
    for (std::size_t i = 0; i < result.lives.size(); ++i)
        for (std::size_t j = i + 1; j < result.lives.size(); ++j)
            if (result.lives[i].why_not.empty() && result.lives[j].why_not.empty())
                if (auto found = break_even(result.lives, i, j)) result.break_evens.push_back(*found);
    for (const auto& training : table.trainings)
        if (training.outcome.missed_target()) result.left_out.push_back(training.outcome.label);
    result.unfinished = question.unfinished;
    result.start = table.trainings.front().outcome.start;
    return result;
}

}  // namespace fedgram::report
