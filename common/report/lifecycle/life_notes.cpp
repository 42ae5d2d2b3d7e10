#include "common/report/lifecycle/life_notes.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/report/explain/device_figures.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Notes = std::vector<std::string>;

template <class Holds>
bool any(const Lifecycle& lives, Holds holds)
{
    return std::ranges::any_of(lives.lives, [&](const Life& life) { return life.is_possible() && holds(life); });
}

/// What no row has, or has by an assumption.
void add_assumptions(const Lifecycle& lives, Notes& notes)
{
    const auto& plan = lives.plan;
    if (plan.failed_share == 0)
        notes.emplace_back(
            "Not counted: models that never come into use; fedgram lifecycle --failed-share says how many.");
    else
        notes.push_back("Assumed: of all models that are developed, " + text::shortest(100 * plan.failed_share) +
                        " % never come into use and " + text::shortest(100 - 100 * plan.failed_share) +
                        " % do, each as dear as this one.");
    if (lives.trials.empty())
        notes.emplace_back(
            "Not counted: trainings on the way to this one; fedgram lifecycle --searches names their folders.");
    if (!lives.start.empty())
        notes.push_back("Trainings begin with the model in " + lives.start +
                        ": what it took to train that counts only where fedgram lifecycle --searches names its run.");
    for (const auto& trials : lives.trials)
        if (trials.unfinished > 0)
            notes.push_back(std::to_string(trials.unfinished) + " of the " + std::to_string(trials.runs) + " runs of " +
                            trials.name +
                            " are unfinished: they count by their ledgers, before PUE and network, without a band.");
    if (!plan.retrain_every_days)
        notes.emplace_back(
            "Not counted: training anew while it is in use; fedgram lifecycle --retrain-every says how often.");
    if (any(lives, [](const Life& life) { return life.basis.place.on_clients; }))
        notes.emplace_back(
            "Clients' devices are on anyway: their waiting doesn't count, nor does how the model gets to them.");
    if (any(lives, [](const Life& life) { return !life.basis.model.knows_memory; }))
        notes.emplace_back(
            "What a prediction takes is a sample's share of the training's evaluations, launched by itself: weights "
            "that are read for it alone count too little.");
}

template <class Value, class Text>
std::string or_unknown(const std::optional<Value>& value, Text text_of)
{
    return value ? text_of(*value) : "unknown";
}

std::string served_note(const Life& life)
{
    const auto& serving = *life.basis.place.serving;
    const auto& request = *life.basis.request;
    const auto watts = [](const energy::Figure& figure) {
        return text::shortest(figure.value) + " W (" + std::string{energy::name(figure.evidence)} + ")";
    };
    const auto* rate = serving.rate(request.numbers);
    const auto& busy = rate->busy_w ? rate->busy_w : serving.busy_w;
    return serving.id + ": a prediction is priced by its serving record, in batches of " +
           std::to_string(request.batch) + " as fedgram analyze has them: " + or_unknown(serving.idle_w, watts) +
           " with the model loaded and nothing to do, " + or_unknown(busy, watts) + " computing, " +
           std::string{energy::name(request.numbers)} + " at " + text::shortest(rate->gmac_per_s.value) + " GMAC/s (" +
           std::string{energy::name(rate->gmac_per_s.evidence)} + ").";
}

/// Of each place once, though several models answer there.
void add_prices(const Lifecycle& lives, Notes& notes)
{
    std::set<std::string> said;
    const auto say = [&](std::string note) {
        if (said.insert(note).second) notes.push_back(std::move(note));
    };
    for (const auto& life : lives.lives) {
        const auto& [place, model] = std::tie(life.basis.place, life.basis.model);
        const auto id = place.id();
        if (!life.is_possible()) {
            say(life.basis.name + ": not able: " + life.basis.why_not + ".");
            continue;
        }
        const auto& request = *life.basis.request;
        say(place.serving ? served_note(life) : id + ": a prediction is priced by " + request.basis + ".");
        if (model.demand.int8_ops == 0 && request.numbers != energy::Arithmetic::fp32)
            say(id + " computes models of float32 in " + std::string{energy::name(request.numbers)} +
                ": what accuracy they keep was not evaluated.");
        if (request.batch > 1)
            say("Batches of " + std::to_string(request.batch) + " are always full on " + id +
                ": at a low rate predictions would wait long for each other.");
        if (life.is_lower_bound())
            say(id +
                ": what the device draws while it waits isn't known; its joules are a lower bound, and no life on "
                "it has a break-even.");
        if (!life.basis.embodied_per_hour)
            say(id + ": what its making takes isn't known, so that no life on it has an embodied sum.");
        if (!place.on_clients && !life.basis.rent_usd_per_hour)
            say(id + ": its price isn't known; what is to pay there is electricity alone, a lower bound.");
        if (place.serving && place.serving->client_s)
            say(id + ": its clients saw answers after " + text::shortest(place.serving->client_s->value) +
                " s, network and queue included; devices compute for less.");
    }
}

/// Those of possible lives; each device once.
std::vector<const ServingPlace*> answering_places(const Lifecycle& lives)
{
    std::vector<const ServingPlace*> places;
    std::set<std::string> there;
    for (const auto& life : lives.lives)
        if (life.is_possible() && there.insert(life.basis.place.id()).second) places.push_back(&life.basis.place);
    return places;
}

}  // namespace

std::optional<std::string> network_warning(const Lifecycle& lives)
{
    if (lives.plan.request || !any(lives, [](const Life& life) { return !life.basis.place.on_clients; }))
        return std::nullopt;
    const bool beside_clients = any(lives, [](const Life& life) { return life.basis.place.on_clients; });
    return "NOT COUNTED: the network between clients and a data centre; fedgram lifecycle --request-bytes counts it." +
           std::string{beside_clients ? " Without it a data centre comes out too low beside clients' own devices."
                                      : ""};
}

std::vector<std::string> life_notes(const Lifecycle& lives)
{
    Notes notes;
    if (!lives.choice.empty()) notes.push_back(lives.choice);
    add_assumptions(lives, notes);
    add_prices(lives, notes);
    const auto is_served = [](const Life& life) { return life.basis.place.serving.has_value(); };
    if (any(lives, is_served) && any(lives, [&](const Life& life) { return !is_served(life); }))
        notes.emplace_back(
            "Where one of two lives is priced by a serving record and the other isn't, their break-even compares "
            "these, too.");
    if (!lives.unfinished.empty())
        notes.push_back("The run is unfinished. Without a result yet, and so without a life: " +
                        text::joined(lives.unfinished) + "; what that has taken so far counts in none.");
    if (!lives.left_out.empty())
        notes.push_back("Without a result, and so without a life: " + text::joined(lives.left_out) + ".");
    if (lives.is_mean_of_hours)
        notes.emplace_back("Use, and what led to the model, is at the plain mean of the grid's hours.");
    notes.emplace_back(
        "Each prediction is computed by itself unless a batch is stated, on devices that are there for this model "
        "alone unless they are clients' own. The grid stays as it is.");
    notes.emplace_back(
        "A band has all figures behind a part at the ends that take least, or most: bounds, not a confidence "
        "interval. Computing and waiting are low, or high, by the same figures in what is in all. Lost work has none.");
    notes.emplace_back(
        "Embodied: of the devices' making, for the time that they are in use; in no other column, and - where it "
        "isn't known. Rent contains the electricity; to pay is the rent where there is one, else the electricity.");
    return notes;
}

std::string life_figures(const Lifecycle& lives)
{
    std::string text;
    for (const auto* place : answering_places(lives)) {
        if (place->serving) text += figures_section(*place->serving);
        if (place->device) text += figures_section(*place->device);
    }
    return text;
}

nlohmann::ordered_json life_figures_json(const Lifecycle& lives)
{
    auto json = nlohmann::ordered_json::object();
    for (const auto* place : answering_places(lives)) {
        auto& device = json[place->id()] = nlohmann::ordered_json::object();
        if (place->device) device = figures_json(*place->device);
        if (place->serving) device["serving"] = figures_json(*place->serving);
    }
    return json;
}

}  // namespace fedgram::report
