#include "common/energy/devices/validation.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

using Low = spec::NumberRange::Low;

FactorSpread parse_spread(spec::StrictObject object)
{
    FactorSpread spread;
    spread.median = object.number("median", {1, Low::included, std::nullopt});
    spread.worst = object.number("worst", {spread.median, Low::included, std::nullopt});
    object.finish();
    return spread;
}

nlohmann::ordered_json to_json(const FactorSpread& spread)
{
    return {{"median", spread.median}, {"worst", spread.worst}};
}

}  // namespace

Validation parse_validation(const nlohmann::ordered_json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    Validation validation;
    validation.rows = object.whole_32("rows");
    if (validation.rows == 0) object.refuse("rows", "at least 1");
    validation.seconds = parse_spread(object.object("seconds"));
    validation.watts = parse_spread(object.object("watts"));
    validation.joules = parse_spread(object.object("joules"));
    validation.source = object.text("source");
    object.finish();
    return validation;
}

nlohmann::ordered_json to_json(const Validation& validation)
{
    return {{"rows", validation.rows},
            {"seconds", to_json(validation.seconds)},
            {"watts", to_json(validation.watts)},
            {"joules", to_json(validation.joules)},
            {"source", validation.source}};
}

}  // namespace fedgram::energy
