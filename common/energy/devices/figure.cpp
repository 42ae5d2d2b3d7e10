#include "common/energy/devices/figure.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace fedgram::energy {

namespace {

constexpr std::array<std::pair<std::string_view, EvidenceLevel>, 6> evidence_levels{{
    {"measured", EvidenceLevel::measured},
    {"fitted", EvidenceLevel::fitted},
    {"published", EvidenceLevel::published},
    {"derived", EvidenceLevel::derived},
    {"assumed", EvidenceLevel::assumed},
    {"recalled", EvidenceLevel::recalled},
}};

EvidenceLevel parse_evidence_level(std::string_view text)
{
    for (const auto& [word, evidence] : evidence_levels)
        if (word == text) return evidence;
    return EvidenceLevel::assumed;  // unreachable: `choice` admits the words above alone
}

}  // namespace

std::string_view name(EvidenceLevel evidence)
{
    for (const auto& [word, known] : evidence_levels)
        if (known == evidence) return word;
    return "";  // unreachable: all levels are in the list
}

Figure parse_figure(const nlohmann::ordered_json& json, const std::string& path, const spec::NumberRange& range)
{
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    Figure figure;
    if (object.attempt([&] { figure.value = object.number("value", range); })) {
        object.attempt([&] { figure.low = object.optional_number("low", {range.low, range.low_end, figure.value}); });
        object.attempt([&] {
            figure.high = object.optional_number("high", {figure.value, spec::NumberRange::Low::included, range.high});
        });
    } else {
        object.pass_over({"low", "high"});
    }
    object.attempt([&] {
        figure.evidence = parse_evidence_level(
            object.choice("standing", {"measured", "fitted", "published", "derived", "assumed", "recalled"}));
    });
    object.read_text("source", figure.source);
    object.finish();
    mistakes.finish();
    return figure;
}

Figure parse_stated_figure(const nlohmann::ordered_json& json, const std::string& path, const spec::NumberRange& range)
{
    if (json.is_object()) return parse_figure(json, path, range);
    if (!json.is_number() || !range.contains(json.get<double>())) spec::refuse(path, json, range.text());
    return {json.get<double>(), std::nullopt, std::nullopt, EvidenceLevel::assumed, "stated in the specification"};
}

nlohmann::ordered_json to_json(const Figure& figure)
{
    nlohmann::ordered_json json;
    json["value"] = figure.value;
    if (figure.low) json["low"] = *figure.low;
    if (figure.high) json["high"] = *figure.high;
    json["standing"] = name(figure.evidence);
    json["source"] = figure.source;
    return json;
}

}  // namespace fedgram::energy
