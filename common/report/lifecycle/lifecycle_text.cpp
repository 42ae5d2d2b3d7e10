#include "common/report/lifecycle/lifecycle_text.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "common/report/explain/section.hpp"
#include "common/report/lifecycle/published_shares.hpp"
#include "common/text/joined.hpp"
#include "common/text/mass_unit.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

// Neither all nor nothing is what is merely nearly so.
std::string per_cent(double part, double whole)
{
    if (!(whole > 0)) return "-";
    const auto text = text::fixed(100 * part / whole, 1);
    if (part < whole && text == "100.0") return "> 99.9";
    return part > 0 && text == "0.0" ? "< 0.1" : text;
}

std::string time_text(double days)
{
    if (days >= 1) return text::significant(days) + " days";
    const double hours = days * 24;
    return hours >= 1 ? text::significant(hours) + " hours" : text::significant(hours * 3600) + " s";
}

template <class Value, class Text>
std::string or_dash(const std::optional<Value>& value, Text text_of)
{
    return value ? text_of(*value) : "-";
}

std::string kilowatt_hour_text(Joules energy) { return text::significant(kilowatt_hours(energy)); }

std::string plan_text(const Lifecycle& lives)
{
    const auto& plan = lives.plan;
    return text::significant(plan.predictions_per_day, 6) + " predictions a day, evenly, for " +
           text::shortest(plan.days) + " days (" + text::significant(plan.predictions(), 6) + " in all), in " +
           lives.country + " at " + text::shortest(lives.grid.count()) + " gCO2e/kWh";
}

std::string parts_table(const Lifecycle& lives, const Life& life)
{
    const auto unit = text::mass_unit(life.grams());
    const auto mass = [&](GramsCO2e grams) { return unit.text(grams); };
    text::TextTable table;
    table.add({life.name, "J", "kWh", unit.name + " CO2e", "share, %", "embodied, " + unit.name, "electricity, USD",
               "rent, USD"});
    const auto add = [&](const std::string& name, Joules joules, GramsCO2e grams,
                         const std::optional<GramsCO2e>& embodied, const std::optional<double>& rent) {
        table.add({name, text::significant(joules.count()), kilowatt_hour_text(joules), mass(grams),
                   per_cent(grams.count(), life.grams().count()), or_dash(embodied, mass),
                   text::significant(kilowatt_hours(joules) * lives.usd_per_kilowatt_hour),
                   or_dash(rent, [](double usd) { return text::significant(usd); })});
    };
    std::optional<double> rent;
    for (const auto& part : life.parts) {
        add(std::string{name(part.stage)}, part.joules, part.grams, part.embodied, part.rent_usd);
        if (part.rent_usd) rent = rent.value_or(0) + *part.rent_usd;
    }
    add("in all", life.joules(), life.grams(), life.embodied(), rent);
    return table.text();
}

std::string inference_sentence(const Lifecycle& lives, const Life& life)
{
    const auto inference = life.inference_joules().count();
    const auto waiting = std::ranges::find(life.parts, LifeStage::waiting, &LifePart::stage);
    auto text = "Inference is " + per_cent(inference, life.joules().count()) + " % of the energy and " +
                per_cent(life.inference_grams().count(), life.grams().count()) +
                " % of the grams: 1000 predictions take " +
                text::significant(1000 * inference / lives.plan.predictions()) + " J at " +
                text::significant(lives.plan.per_second()) + " a second";
    if (life.place.on_clients) return text + ", on devices that are on anyway.\n";
    text += " on " + std::to_string(life.request.instances) + (life.request.instances == 1 ? " device" : " devices") +
            ", at a load of " + per_cent(life.load(lives.plan), 1) + " %";
    if (waiting != life.parts.end())
        text += "; " + per_cent(waiting->joules.count(), inference) + " % of that is waiting for the next one";
    return text + ".\n";
}

std::string formulas(const Life& life)
{
    Section section{"How it comes about"};
    for (const auto& part : life.parts)
        section.line(std::string{name(part.stage)},
                     part.formula + " = " + digits(part.joules.count()) + " J = " + digits(part.grams.count()) + " g");
    return section.text();
}

std::string side_by_side(const Lifecycle& lives)
{
    text::TextTable table;
    table.add({"Lives", "accuracy, %", "before use, g", "g per 1000", "in all, g", "in all, kWh", "inference, %",
               "embodied, g"});
    for (const auto& life : lives.lives) {
        const auto accuracy = or_dash(life.model.accuracy, [](double part) { return text::fixed(100 * part, 2); });
        if (!life.why_not.empty()) {
            table.add({life.name, accuracy, "-", "-", "-", "-", "-", "-"});
            continue;
        }
        const auto number = [](GramsCO2e grams) { return text::significant(grams.count()); };
        table.add({life.name, accuracy, number(life.before_use), text::significant(1000 * life.per_prediction.count()),
                   number(life.grams()), kilowatt_hour_text(life.joules()),
                   per_cent(life.inference_grams().count(), life.grams().count()), or_dash(life.embodied(), number)});
    }
    return "\n" + table.text() +
           "Per 1000: predictions at that rate, waiting with them, and retraining spread over them.\n";
}

std::string break_even_lines(const Lifecycle& lives)
{
    if (lives.break_evens.empty()) return {};
    std::string text;
    std::map<std::size_t, std::vector<std::string>> settled;
    bool all = true;
    for (const auto& each : lives.break_evens) {
        const auto& greener = lives.lives[each.greener].name;
        const auto& other = lives.lives[each.other].name;
        if (each.is_crosswise)
            all = false;
        else if (!each.predictions)
            settled[each.greener].push_back(other);
        else
            text += greener + " emits less than " + other + " from " + text::significant(*each.predictions) +
                    " predictions on, after " + time_text(*each.days(lives.plan)) +
                    (*each.predictions > lives.plan.predictions() ? ", beyond the plan" : "") + ".\n";
    }
    for (const auto& [greener, others] : settled)
        text += lives.lives[greener].name + " emits less at any number of predictions than " +
                text::joined(others, "; ") + ".\n";
    if (!all) text += "--json has also the pairs that differ in both model and place.\n";
    return "\nBreak-even\n" + text;
}

std::string price_note(const Life& life)
{
    const auto& id = life.place.device.id();
    const auto& serving = life.place.serving;
    if (!serving) return id + ": a prediction is priced by " + priced_by(life) + ".";
    const auto watts = [](const energy::Figure& figure) { return text::shortest(figure.value) + " W"; };
    return id + ": a prediction is priced by its serving record, in batches of 1 as fedgram analyze has them: " +
           or_dash(serving->idle_w, watts) + " with the model loaded and nothing to do, " +
           or_dash(serving->busy_w, watts) +
           " computing. fedgram table prices it by the device profile: as a training framework computes it, and idle "
           "with nothing open.";
}

std::string published_lines(const Life& life)
{
    text::TextTable table{{"Share of inference", "%", "of what"}};
    table.add({"here", per_cent(life.inference_joules().count(), life.joules().count()), "this life's energy"});
    for (const auto& share : published_inference_shares()) {
        const auto low = text::fixed(100 * share.low, 0);
        table.add({std::string{share.who}, share.low == share.high ? low : low + "-" + text::fixed(100 * share.high, 0),
                   std::string{share.of} + ": " + std::string{share.note} + " (" + std::string{share.source} + ")"});
    }
    return "\n" + table.text() +
           "Each is of another quantity, and of a company's whole use; ours follows from the number of predictions.\n";
}

}  // namespace

std::string priced_by(const Life& life)
{
    return life.place.serving ? "serving record" : std::string{energy::name(life.request.basis)};
}

std::vector<std::string> life_notes(const Lifecycle& lives)
{
    const auto any = [&](auto holds) { return std::ranges::any_of(lives.lives, holds); };
    std::vector<std::string> notes;
    if (lives.plan.failed_share == 0)
        notes.emplace_back("Not counted: models that never come into use; --failed-share says how many.");
    else
        notes.push_back("Assumed: of all models that are developed, " + text::shortest(100 * lives.plan.failed_share) +
                        " % never come into use and " + text::shortest(100 - 100 * lives.plan.failed_share) +
                        " % do, each as dear as this one.");
    if (lives.trials.empty())
        notes.emplace_back("Not counted: trainings on the way to this one; --searches names their folders.");
    if (!lives.start.empty())
        notes.push_back("Trainings begin with the model in " + lives.start +
                        ": what it took to train that counts only where --searches names its run.");
    for (const auto& trials : lives.trials)
        if (trials.unfinished > 0)
            notes.push_back(std::to_string(trials.unfinished) + " of the " + std::to_string(trials.runs) + " runs of " +
                            trials.name + " are unfinished: they count by their ledgers, before PUE and network.");
    if (!lives.plan.retrain_every_days)
        notes.emplace_back("Not counted: training anew while it is in use; --retrain-every says how often.");
    if (!lives.plan.request && any([](const Life& life) { return !life.place.on_clients; }))
        notes.emplace_back("Not counted: the network between clients and a data centre; --request-bytes counts it.");
    if (any([](const Life& life) { return life.place.on_clients; }))
        notes.emplace_back(
            "Clients' devices are on anyway: their waiting doesn't count, nor does how the model gets to them.");
    if (any([](const Life& life) { return life.why_not.empty() && !life.model.knows_memory; }))
        notes.emplace_back(
            "What a prediction takes is a sample's share of the training's evaluations, launched by itself: weights "
            "that are read for it alone count too little.");
    for (const auto& life : lives.lives)
        if (life.why_not.empty() && !life.place.on_clients && !life.request.idle)
            notes.push_back(life.name +
                            ": what the device draws while it waits isn't known; its joules are a lower bound.");
    for (const auto& life : lives.lives)
        if (!life.why_not.empty()) notes.push_back(life.name + ": not able: " + life.why_not + ".");
    std::set<std::string> priced;
    for (const auto& life : lives.lives)
        if (life.why_not.empty())
            if (auto note = price_note(life); priced.insert(note).second) notes.push_back(std::move(note));
    const auto served = [](const Life& life) { return life.why_not.empty() && life.place.serving; };
    if (any(served) && any([&](const Life& life) { return life.why_not.empty() && !served(life); }))
        notes.emplace_back(
            "Where one of two lives is priced by a serving record and the other isn't, their break-even compares "
            "these, "
            "too.");
    if (!lives.unfinished.empty())
        notes.push_back("The run is unfinished. Without a result yet, and so without a life: " +
                        text::joined(lives.unfinished) + "; what that has taken so far counts in none.");
    if (!lives.left_out.empty())
        notes.push_back("Without a result, and so without a life: " + text::joined(lives.left_out) + ".");
    if (lives.is_mean_of_hours)
        notes.emplace_back("Use, and what led to the model, is at the plain mean of the grid's hours.");
    notes.emplace_back(
        "Each prediction is computed by itself, on devices that are there for this model alone unless they are "
        "clients' own. The grid stays as it is. Embodied: of the devices' making, for the "
        "time "
        "that they are in use; in no other column, and - where it isn't known. Rent contains the electricity.");
    return notes;
}

std::string lifecycle_text(const Lifecycle& lives)
{
    const auto shown = std::ranges::find_if(lives.lives, [](const Life& life) { return life.why_not.empty(); });
    std::string text = plan_text(lives) + "\n\n";
    if (shown != lives.lives.end())
        text += parts_table(lives, *shown) + inference_sentence(lives, *shown) + formulas(*shown);
    if (lives.lives.size() > 1) text += side_by_side(lives);
    text += break_even_lines(lives);
    if (shown != lives.lives.end()) text += published_lines(*shown);
    text += "\n";
    for (const auto& note : life_notes(lives)) text += note + "\n";
    return text;
}

}  // namespace fedgram::report
