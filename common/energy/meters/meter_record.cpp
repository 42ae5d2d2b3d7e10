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

}  // namespace

Json to_json(const MeterRecord& record)
{
    Json json{
        {"process", record.process}, {"meter", record.meter}, {"boundary", record.boundary}, {"method", record.method}};
    json["joules"] = record.joules ? Json(record.joules->count()) : Json();
    if (record.low) json["low_joules"] = record.low->count();
    if (record.high) json["high_joules"] = record.high->count();
    if (record.busy) json["busy_seconds"] = record.busy->count();
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
    if (object.has("busy_seconds")) record.busy = Seconds{object.number("busy_seconds", spec::not_negative)};
    const auto& gaps = object.list("gaps");
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        spec::StrictObject gap{gaps[i], object.path_of("gaps", i)};
        record.gaps.push_back({Seconds{gap.number("seconds", spec::not_negative)}, gap.text("reason")});
        gap.finish();
    }
    const auto& warnings = object.list("warnings");
    for (std::size_t i = 0; i < warnings.size(); ++i) {
        if (!warnings[i].is_string()) spec::refuse(object.path_of("warnings", i), warnings[i], "a text");
        record.warnings.push_back(warnings[i].get<std::string>());
    }
    object.finish();
    return record;
}

}  // namespace fedgram::energy
