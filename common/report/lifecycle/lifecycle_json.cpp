#include <nlohmann/json.hpp>

#include "common/report/lifecycle/lifecycle_text.hpp"
#include "common/report/lifecycle/published_shares.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}
Json or_null(const std::optional<GramsCO2e>& grams) { return grams ? Json(grams->count()) : Json(nullptr); }

Json share(double part, double whole) { return whole > 0 ? Json(part / whole) : Json(nullptr); }

Json plan_json(const LifePlan& plan)
{
    Json json{{"predictions_per_day", plan.predictions_per_day},
              {"days", plan.days},
              {"predictions", plan.predictions()},
              {"retrain_every_days", or_null(plan.retrain_every_days)},
              {"retrainings", plan.retrainings()},
              {"failed_share", plan.failed_share},
              {"request_bytes", nullptr},
              {"answer_bytes", nullptr}};
    if (plan.request) {
        json["request_bytes"] = plan.request->sent;
        json["answer_bytes"] = plan.request->answered;
    }
    return json;
}

Json part_json(const Lifecycle& lives, const Life& life, const LifePart& part)
{
    return {{"stage", name(part.stage)},
            {"joules", part.joules.count()},
            {"kwh", kilowatt_hours(part.joules)},
            {"gco2e", part.grams.count()},
            {"share_of_joules", share(part.joules.count(), life.joules().count())},
            {"share_of_gco2e", share(part.grams.count(), life.grams().count())},
            {"embodied_gco2e", or_null(part.embodied)},
            {"electricity_usd", kilowatt_hours(part.joules) * lives.usd_per_kilowatt_hour},
            {"rent_usd", or_null(part.rent_usd)},
            {"formula", part.formula}};
}

Json life_json(const Lifecycle& lives, const Life& life)
{
    Json json{{"life", life.name},
              {"model", life.model.label},
              {"levers", life.model.levers},
              {"device", life.place.device.id()},
              {"pue", or_null(life.place.pue)},
              {"on_clients", life.place.on_clients},
              {"accuracy", or_null(life.model.accuracy)},
              {"why_not", life.why_not.empty() ? Json(nullptr) : Json(life.why_not)}};
    if (!life.why_not.empty()) return json;
    json["priced_by"] = priced_by(life);
    json["seconds_per_prediction"] = life.request.service.count();
    json["devices"] = life.place.on_clients ? Json(nullptr) : Json(life.request.instances);
    json["load"] = life.place.on_clients ? Json(nullptr) : Json(life.load(lives.plan));
    json["parts"] = Json::array();
    for (const auto& part : life.parts) json["parts"].push_back(part_json(lives, life, part));
    json["joules"] = life.joules().count();
    json["kwh"] = kilowatt_hours(life.joules());
    json["gco2e"] = life.grams().count();
    json["embodied_gco2e"] = or_null(life.embodied());
    json["before_use_gco2e"] = life.before_use.count();
    json["gco2e_per_1000"] = 1000 * life.per_prediction.count();
    json["inference_share_of_joules"] = share(life.inference_joules().count(), life.joules().count());
    json["inference_share_of_gco2e"] = share(life.inference_grams().count(), life.grams().count());
    return json;
}

}  // namespace

Json lifecycle_json(const Lifecycle& lives)
{
    Json json{{"plan", plan_json(lives.plan)},
              {"country", lives.country},
              {"gco2e_per_kwh", lives.grid.count()},
              {"mean_of_hours", lives.is_mean_of_hours},
              {"usd_per_kwh", lives.usd_per_kilowatt_hour},
              {"trials", Json::array()},
              {"lives", Json::array()},
              {"break_even", Json::array()},
              {"published_inference_shares", Json::array()}};
    for (const auto& trials : lives.trials)
        json["trials"].push_back({{"folder", trials.name},
                                  {"runs", trials.runs},
                                  {"unfinished", trials.unfinished},
                                  {"joules", trials.joules.count()},
                                  {"gco2e", trials.grams.count()}});
    for (const auto& life : lives.lives) json["lives"].push_back(life_json(lives, life));
    for (const auto& each : lives.break_evens)
        json["break_even"].push_back({{"greener", lives.lives[each.greener].name},
                                      {"other", lives.lives[each.other].name},
                                      {"predictions", or_null(each.predictions)},
                                      {"days", or_null(each.days(lives.plan))}});
    for (const auto& published : published_inference_shares())
        json["published_inference_shares"].push_back({{"who", published.who},
                                                      {"low", published.low},
                                                      {"high", published.high},
                                                      {"of", published.of},
                                                      {"note", published.note},
                                                      {"source", published.source}});
    json["left_out"] = lives.left_out;
    json["unfinished"] = lives.unfinished;
    json["notes"] = life_notes(lives);
    return json;
}

}  // namespace fedgram::report
