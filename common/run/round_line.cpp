#include "common/run/round_line.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "common/run/json_lines.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN and writes null.
double parse_loss(spec::StrictObject& line, std::string_view key)
{
    return line.value(key).is_null() ? std::numeric_limits<double>::quiet_NaN() : line.number(key, spec::not_negative);
}

// With a grid by the hour a later round may lower the mean that the moving of the raw data takes.
constexpr spec::NumberRange any_number{.low = std::numeric_limits<double>::lowest()};

RoundCosts parse_costs(spec::StrictObject& line)
{
    RoundCosts costs;
    costs.devices = Joules{line.number("device_joules", spec::not_negative)};
    costs.network = Joules{line.number("network_joules", spec::not_negative)};
    if (!line.value("gco2e").is_null()) costs.emissions = GramsCO2e{line.number("gco2e", any_number)};
    costs.country = line.text("country");
    return costs;
}

RoundLine parse_line(const Json& text, const std::string& path)
{
    spec::StrictObject json{text, path};
    RoundLine line;
    line.training = json.text(json.has("label") ? "label" : "training");  // as version 1 called it
    line.round = json.whole_32("round");
    const auto on = json.has("validation_accuracy") ? EvaluationSet::validation : EvaluationSet::test;
    const auto accuracy = std::string{name(on)} + "_accuracy";
    const auto loss = parse_loss(json, std::string{name(on)} + "_loss");
    if (!json.value(accuracy).is_null()) line.evaluation = {json.number(accuracy, spec::fraction), loss, on};
    line.train_loss = parse_loss(json, "train_loss");
    line.participants = json.whole_32("participants");
    line.virtual_seconds = Seconds{json.number("virtual_seconds", spec::not_negative)};
    if (json.has("waited_seconds")) line.waited_seconds = Seconds{json.number("waited_seconds", spec::not_negative)};
    if (json.has("lost_updates")) line.lost_updates = json.whole_32("lost_updates");
    if (json.has("epsilon")) line.epsilon = json.number("epsilon", spec::not_negative);
    if (json.has("device_joules")) line.costs = parse_costs(json);
    json.finish();
    return line;
}

}  // namespace

std::optional<energy::RoundTimes> times_of(const RoundLine& line)
{
    if (!line.waited_seconds) return std::nullopt;
    return energy::RoundTimes{*line.waited_seconds, line.virtual_seconds - *line.waited_seconds};
}

std::string to_json_line(const RoundLine& line)
{
    Json json;
    json["training"] = line.training;
    json["round"] = line.round;
    const std::string on{name(line.evaluation.value_or(RoundEvaluation{}).on)};
    json[on + "_accuracy"] = line.evaluation ? Json(line.evaluation->test_accuracy) : Json();
    json[on + "_loss"] = line.evaluation ? Json(line.evaluation->test_loss) : Json();
    json["train_loss"] = line.train_loss;
    json["participants"] = line.participants;
    json["virtual_seconds"] = line.virtual_seconds.count();
    if (line.waited_seconds) {
        json["waited_seconds"] = line.waited_seconds->count();
        json["lost_updates"] = line.lost_updates;
    }
    if (line.epsilon) json["epsilon"] = *line.epsilon;
    if (const auto& costs = line.costs) {
        json["device_joules"] = costs->devices.count();
        json["network_joules"] = costs->network.count();
        json["gco2e"] = costs->emissions ? Json(costs->emissions->count()) : Json();
        json["country"] = costs->country;
    }
    return json.dump();
}

std::vector<RoundLine> parse_rounds(std::string_view text, const std::string& where)
{
    std::vector<RoundLine> lines;
    read_json_lines(text, where,
                    [&](const Json& line, const std::string& path) { lines.push_back(parse_line(line, path)); });
    return lines;
}

}  // namespace fedgram::run
