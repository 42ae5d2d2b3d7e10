#include "common/report/lifecycle/life_basis_json.hpp"

#include <nlohmann/json.hpp>

#include "common/report/lifecycle/life_notes.hpp"
#include "common/report/lifecycle/published_shares.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}
template <class Unit>
Json or_null(const std::optional<Quantity<Unit>>& value)
{
    return value ? Json(value->count()) : Json(nullptr);
}

Json price_json(const RequestPrice& price)
{
    Json json{{"seconds", price.service.count()},
              {"busy_joules", price.busy.count()},
              {"busy_share", price.busy_share},
              {"waiting", nullptr}};
    if (price.waiting)
        json["waiting"] = {{"idle_w", price.waiting->idle.count()}, {"at_tenth_w", or_null(price.waiting->at_tenth)}};
    return json;
}

Json request_json(const RequestPrices& request)
{
    Json json{{"basis", request.basis},
              {"batch", request.batch},
              {"likely", price_json(request.likely)},
              {"ends", Json::array()}};
    for (const auto& end : request.ends) json["ends"].push_back(price_json(end));
    return json;
}

Json basis_json(const LifeBasis& basis)
{
    Json json{{"life", basis.name},
              {"model", basis.model.label},
              {"column", basis.model.column},
              {"device", basis.place.id()},
              {"place", basis.place.words()},
              {"accuracy", or_null(basis.model.accuracy)},
              {"pue", or_null(basis.place.pue)},
              {"on_clients", basis.place.on_clients},
              {"served", basis.place.serving.has_value()},
              {"possible", basis.why_not.empty()}};
    if (!basis.why_not.empty()) return json;
    json["request"] = request_json(*basis.request);
    json["before"] = Json::array();
    for (const auto& part : basis.before) {
        json["before"].push_back({{"stage", name(part.stage)}, {"formula", part.formula}});
        json["before"].back().update(spent_json(part.spent));
    }
    json["retraining"] = spent_json(basis.retraining);
    json["network"] = basis.network ? spent_json(*basis.network) : Json(nullptr);
    json["network_formula"] = basis.network_formula;
    json["embodied_gco2e_per_hour"] = or_null(basis.embodied_per_hour);
    json["embodied_reach"] = {basis.embodied_reach.low, basis.embodied_reach.high};
    json["rent_usd_per_hour"] = or_null(basis.rent_usd_per_hour);
    return json;
}

}  // namespace

Json spent_json(const Spent& spent)
{
    const auto& ends = spent.embodied_ends;
    return {{"joules", spent.joules.count()},
            {"low_joules", spent.joule_ends.low.count()},
            {"high_joules", spent.joule_ends.high.count()},
            {"kwh", kilowatt_hours(spent.joules)},
            {"gco2e", spent.grams.count()},
            {"low_gco2e", spent.gram_ends.low.count()},
            {"high_gco2e", spent.gram_ends.high.count()},
            {"embodied_gco2e", or_null(spent.embodied)},
            {"low_embodied_gco2e", ends ? Json(ends->low.count()) : Json(nullptr)},
            {"high_embodied_gco2e", ends ? Json(ends->high.count()) : Json(nullptr)},
            {"device_seconds", or_null(spent.device_time)},
            {"electricity_usd", spent.electricity_usd},
            {"rent_usd", or_null(spent.rent_usd)},
            {"usd", spent.usd}};
}

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

Json published_json()
{
    auto json = Json::array();
    for (const auto& published : published_inference_shares())
        json.push_back({{"who", published.who},
                        {"low", published.low},
                        {"high", published.high},
                        {"of", published.of},
                        {"note", published.note},
                        {"source", published.source}});
    return json;
}

Json life_bases_json(const Lifecycle& lives)
{
    Json json{{"plan", plan_json(lives.plan)},
              {"country", lives.country},
              {"gco2e_per_kwh", lives.electricity.grid.count()},
              {"usd_per_kwh", lives.electricity.usd_per_kilowatt_hour},
              {"bases", Json::array()},
              {"published_inference_shares", published_json()},
              {"evaluated_on", run::name(lives.evaluated_on)},
              {"network_warning", or_null(network_warning(lives))},
              {"notes", life_notes(lives)}};
    for (const auto& life : lives.lives) json["bases"].push_back(basis_json(life.basis));
    return json;
}

}  // namespace fedgram::report
