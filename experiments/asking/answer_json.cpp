#include "experiments/asking/answer_json.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json interval_json(const std::optional<statistics::Interval>& interval)
{
    return interval ? Json{{"low", interval->low}, {"high", interval->high}} : Json(nullptr);
}

Json mean_json(const statistics::CensoredMean& mean)
{
    return {
        {"mean", mean.mean},       {"is_lower_bound", mean.is_lower_bound()},       {"runs", mean.count},
        {"reached", mean.reached}, {"confidence_95", interval_json(mean.interval)}, {"median", or_null(mean.median)}};
}

Json comparison_json(const statistics::PairedComparison& comparison)
{
    return {{"pairs", comparison.pairs},
            {"second_more", comparison.more},
            {"second_less", comparison.less},
            {"unknown", comparison.unknown},
            {"mean_difference", or_null(comparison.mean_difference)},
            {"confidence_95", interval_json(comparison.interval)},
            {"sign_test", or_null(comparison.sign_test)}};
}

/// A number, "always" or "never".
Json crossing_json(const Crossing& crossing)
{
    if (crossing.at) return *crossing.at;
    return crossing.always ? "always" : "never";
}

Json ratio_json(const carbon::EnergyRatio& ratio)
{
    return {{"likely", ratio.likely}, {"low", ratio.low}, {"high", ratio.high}};
}

}  // namespace

Json choice_json(const Candidates& candidates, const Objective& objective, const Choice& choice)
{
    auto standings = Json::array();
    for (const auto& standing : choice.standings) {
        const auto& candidate = candidates.list[standing.place];
        standings.push_back({{"name", standing.name},
                             {"training", candidate.training},
                             {"values", candidate.values},
                             {"gco2e", mean_json(standing.gco2e)},
                             {"accuracy", standing.accuracy ? mean_json(*standing.accuracy) : Json(nullptr)}});
    }
    auto influences = Json::array();
    for (const auto& one : choice.influences)
        influences.push_back({{"key", one.key},
                              {"factor", one.factor},
                              {"least_at", one.least},
                              {"most_at", one.most},
                              {"share_of_variance", one.share}});
    return {{"question", objective.kind == Objective::Kind::greenest ? "greenest" : "most_accurate"},
            {"evaluated_on", candidates.evaluated_on},
            {"country", candidates.country},
            {"keys", candidates.keys},
            {"answering", choice.answering},
            {"statement", choice_sentences(candidates, objective, choice)},
            {"next", choice.next ? comparison_json(*choice.next) : Json(nullptr)},
            {"influences", std::move(influences)},
            {"standings", std::move(standings)}};
}

Json break_even_json(const BreakEvenAnswer& answer)
{
    Json json{{"question", "break_even"},
              {"federated", answer.federated},
              {"centralized", answer.centralized},
              {"country", answer.country},
              {"ratio_at_present", ratio_json(answer.at_present)},
              {"statement", break_even_sentences(answer)}};
    if (const auto& result = answer.result)
        json["break_even"] = {{"likely", crossing_json(result->likely)},
                              {"best", crossing_json(result->best)},
                              {"worst", crossing_json(result->worst)},
                              {"greener", result->greener_above ? "above" : "below"},
                              {"range", {result->low, result->high}}};
    for (const auto& [name, ratio] : answer.devices) {
        auto one = ratio_json(ratio);
        one["device"] = name;
        json["devices"].push_back(std::move(one));
    }
    return json;
}

}  // namespace fedgram::experiments
