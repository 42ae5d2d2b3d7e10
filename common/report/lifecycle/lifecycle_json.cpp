#include <nlohmann/json.hpp>

#include "common/report/lifecycle/life_basis_json.hpp"
#include "common/report/lifecycle/life_notes.hpp"
#include "common/report/lifecycle/lifecycle_text.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json share(double part, double whole) { return whole > 0 ? Json(part / whole) : Json(nullptr); }

Json part_json(const LifePart& part, const Spent& whole)
{
    Json json{{"stage", name(part.stage)}};
    json.update(spent_json(part.spent));
    json["share_of_joules"] = share(part.spent.joules.count(), whole.joules.count());
    json["share_of_gco2e"] = share(part.spent.grams.count(), whole.grams.count());
    json["formula"] = part.formula;
    return json;
}

Json life_json(const Lifecycle& lives, const Life& life)
{
    const auto& [basis, place] = std::tie(life.basis, life.basis.place);
    Json json{{"life", basis.name},
              {"model", basis.model.label},
              {"levers", basis.model.levers},
              {"device", place.id()},
              {"pue", or_null(place.pue)},
              {"on_clients", place.on_clients},
              {"accuracy", or_null(basis.model.accuracy)},
              {"why_not", life.is_possible() ? Json(nullptr) : Json(basis.why_not)}};
    if (!life.is_possible()) return json;
    const auto whole = life.whole();
    const auto before = basis.before_use();
    const auto inference = life.inference();
    const double thousands = lives.plan.predictions() / 1000;
    json["priced_by"] = basis.request->basis;
    json["numbers"] = energy::name(basis.request->numbers);
    json["batch"] = basis.request->batch;
    json["lower_bound"] = life.is_lower_bound();
    json["seconds_per_prediction"] = basis.request->likely.service.count();
    json["devices"] = place.on_clients ? Json(nullptr) : Json(life.use.devices);
    json["load"] = place.on_clients ? Json(nullptr) : Json(life.use.load);
    json["parts"] = Json::array();
    for (const auto& part : life.parts) json["parts"].push_back(part_json(part, whole));
    json["unknown_waiting"] = nullptr;
    if (const auto& waiting = life.unknown_waiting)
        json["unknown_waiting"] = {
            {"device_seconds", waiting->device_time->count()},
            {"embodied_gco2e", waiting->embodied ? Json(waiting->embodied->count()) : Json(nullptr)},
            {"rent_usd", or_null(waiting->rent_usd)}};
    auto all = spent_json(whole);
    const auto embodied = life.all_embodied();
    all["embodied_gco2e"] = embodied ? Json(embodied->count()) : Json(nullptr);
    all["rent_usd"] = or_null(life.all_rent_usd());
    if (!embodied) all["low_embodied_gco2e"] = all["high_embodied_gco2e"] = nullptr;
    json.update(all);
    json["before_use_gco2e"] = before.grams.count();
    json["low_before_use_gco2e"] = before.gram_ends.low.count();
    json["high_before_use_gco2e"] = before.gram_ends.high.count();
    json["gco2e_per_1000"] = 1000 * life.per_prediction.count();
    json["low_gco2e_per_1000"] = 1000 * life.per_prediction_ends.low.count();
    json["high_gco2e_per_1000"] = 1000 * life.per_prediction_ends.high.count();
    json["inference_joules_per_1000"] = inference.joules.count() / thousands;
    json["inference_usd_per_1000"] = inference.usd / thousands;
    json["inference_share_of_joules"] = share(inference.joules.count(), whole.joules.count());
    json["inference_share_of_gco2e"] = share(inference.grams.count(), whole.grams.count());
    return json;
}

Json break_even_json(const Lifecycle& lives, const LifeBreakEven& pair)
{
    return {{"greener", lives.lives[pair.greener].basis.name},
            {"other", lives.lives[pair.other].basis.name},
            {"crosswise", pair.is_crosswise},
            {"predictions", or_null(pair.predictions)},
            {"low_predictions", pair.least},
            {"high_predictions", or_null(pair.most)},
            {"days", or_null(pair.days(lives.plan))}};
}

}  // namespace

Json lifecycle_json(const Lifecycle& lives)
{
    Json json{{"plan", plan_json(lives.plan)},
              {"country", lives.country},
              {"gco2e_per_kwh", lives.electricity.grid.count()},
              {"mean_of_hours", lives.is_mean_of_hours},
              {"usd_per_kwh", lives.electricity.usd_per_kilowatt_hour},
              {"evaluated_on", run::name(lives.evaluated_on)},
              {"network_warning", or_null(network_warning(lives))},
              {"trials", Json::array()},
              {"lives", Json::array()},
              {"break_even", Json::array()},
              {"published_inference_shares", published_json()}};
    for (const auto& trials : lives.trials) {
        json["trials"].push_back({{"folder", trials.name}, {"runs", trials.runs}, {"unfinished", trials.unfinished}});
        json["trials"].back().update(spent_json(trials.spent));
    }
    for (const auto& life : lives.lives) json["lives"].push_back(life_json(lives, life));
    for (const auto& pair : lives.break_evens) json["break_even"].push_back(break_even_json(lives, pair));
    json["left_out"] = lives.left_out;
    json["unfinished"] = lives.unfinished;
    json["notes"] = life_notes(lives);
    return json;
}

}  // namespace fedgram::report
