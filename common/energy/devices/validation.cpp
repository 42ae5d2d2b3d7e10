#include "common/energy/devices/validation.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

using Low = spec::NumberRange::Low;

FactorSpread parse_spread(spec::StrictObject object)
{
    FactorSpread spread;
    if (object.attempt([&] { spread.median = object.number("median", {1, Low::included, std::nullopt}); }))
        object.attempt([&] { spread.worst = object.number("worst", {spread.median, Low::included, std::nullopt}); });
    else
        object.pass_over({"worst"});
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
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    Validation validation;
    object.attempt([&] {
        validation.rows = object.whole_32("rows");
        if (validation.rows == 0) object.refuse("rows", "at least 1");
    });
    object.attempt([&] { validation.seconds = parse_spread(object.object("seconds")); });
    object.attempt([&] { validation.watts = parse_spread(object.object("watts")); });
    object.attempt([&] { validation.joules = parse_spread(object.object("joules")); });
    object.read_text("source", validation.source);
    object.finish();
    mistakes.finish();
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
