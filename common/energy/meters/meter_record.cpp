#include "common/energy/meters/meter_record.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

using Json = nlohmann::ordered_json;

std::optional<Joules> joules(spec::StrictObject& object, std::string_view key)
{
    const auto* value = object.find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return Joules{object.number(key, spec::not_negative)};
}

const Json& list(spec::StrictObject& object, std::string_view key)
{
    const auto& value = object.value(key);
    if (!value.is_array()) spec::refuse(object.path_of(key), value, "a list");
    return value;
}

std::string item_path(const spec::StrictObject& object, std::string_view key, std::size_t index)
{
    return object.path_of(key) + "[" + std::to_string(index) + "]";
}

}  // namespace

Json to_json(const MeterRecord& record)
{
    Json json{
        {"process", record.process}, {"meter", record.meter}, {"boundary", record.boundary}, {"method", record.method}};
    json["joules"] = record.joules ? Json(record.joules->count()) : Json();
    if (record.low) json["low_joules"] = record.low->count();
    if (record.high) json["high_joules"] = record.high->count();
    json["gaps"] = Json::array();
    for (const auto& gap : record.gaps)
        json["gaps"].push_back({{"seconds", gap.seconds.count()}, {"reason", gap.reason}});
    json["warnings"] = record.warnings;
    return json;
}

MeterRecord parse_meter_record(const Json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    MeterRecord record;
    record.process = object.text("process");
    record.meter = object.text("meter");
    record.boundary = object.choice("boundary", {"chip", "module", "board", "wall"});
    record.method = object.choice("method", {"counter", "power_integrated", "estimated"});
    record.joules = joules(object, "joules");
    record.low = joules(object, "low_joules");
    record.high = joules(object, "high_joules");
    const auto& gaps = list(object, "gaps");
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        spec::StrictObject gap{gaps[i], item_path(object, "gaps", i)};
        record.gaps.push_back({Seconds{gap.number("seconds", spec::not_negative)}, gap.text("reason")});
        gap.finish();
    }
    const auto& warnings = list(object, "warnings");
    for (std::size_t i = 0; i < warnings.size(); ++i) {
        if (!warnings[i].is_string()) spec::refuse(item_path(object, "warnings", i), warnings[i], "a text");
        record.warnings.push_back(warnings[i].get<std::string>());
    }
    object.finish();
    return record;
}

}  // namespace fedgram::energy
