#include "common/energy/figure.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace fedgram::energy {

namespace {

constexpr std::array<std::pair<std::string_view, Standing>, 5> standings{{
    {"measured", Standing::measured},
    {"published", Standing::published},
    {"derived", Standing::derived},
    {"assumed", Standing::assumed},
    {"recalled", Standing::recalled},
}};

Standing parse_standing(std::string_view text)
{
    for (const auto& [word, standing] : standings)
        if (word == text) return standing;
    return Standing::assumed;  // unreachable: `choice` admits the words above alone
}

}  // namespace

std::string_view name(Standing standing)
{
    for (const auto& [word, known] : standings)
        if (known == standing) return word;
    return "";  // unreachable: all standings are in the list
}

Figure parse_figure(const nlohmann::ordered_json& json, const std::string& path, const NumberRange& range)
{
    StrictObject object{json, path};
    Figure figure;
    figure.value = object.number("value", range);
    figure.low = object.optional_number("low", {range.low, range.low_end, figure.value});
    figure.high = object.optional_number("high", {figure.value, NumberRange::Low::included, std::nullopt});
    figure.standing =
        parse_standing(object.choice("standing", {"measured", "published", "derived", "assumed", "recalled"}));
    figure.source = object.text("source");
    object.finish();
    return figure;
}

Figure parse_stated_figure(const nlohmann::ordered_json& json, const std::string& path, const NumberRange& range)
{
    if (json.is_object()) return parse_figure(json, path, range);
    if (!json.is_number() || !range.contains(json.get<double>())) refuse(path, json, range.text());
    return {json.get<double>(), std::nullopt, std::nullopt, Standing::assumed, "stated in the specification"};
}

nlohmann::ordered_json to_json(const Figure& figure)
{
    nlohmann::ordered_json json;
    json["value"] = figure.value;
    if (figure.low) json["low"] = *figure.low;
    if (figure.high) json["high"] = *figure.high;
    json["standing"] = name(figure.standing);
    json["source"] = figure.source;
    return json;
}

}  // namespace fedgram::energy
