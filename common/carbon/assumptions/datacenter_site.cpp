#include "common/carbon/assumptions/datacenter_site.hpp"

#include <nlohmann/json.hpp>

#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::carbon {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* stated_source = "stated in the specification";

RegionIntensity looked_up(const Json& json, const std::string& path, const RegionLookup& lookup)
{
    if (json.is_string()) return with_context(path, [&] { return lookup(json.get<std::string>(), std::nullopt); });
    // Of what is wrong here, `read_keys` tells the rest.
    spec::StrictObject object{json, path};
    const auto id = object.text("provider") + ":" + object.text("region");
    std::optional<std::string> basis;
    if (object.has("basis")) basis = object.choice("basis", {"lifecycle", "direct"});
    return with_context(path, [&] { return lookup(id, basis); });
}

void read_pue(spec::StrictObject& object, RegionIntensity& site)
{
    const auto* const pue = object.find("pue");
    if (pue != nullptr) {
        site.pue.reset();
        site.pue_source = stated_source;
        if (!pue->is_null()) site.pue = Pue{object.number("pue", {1, spec::NumberRange::Low::included, 10})};
    }
    const auto* const source = object.find("pue_source");
    if (source != nullptr && !source->is_null()) site.pue_source = object.text("pue_source");
}

// What `object` states takes the place of what `site` has; `in_full` it must state all.
void read_keys(spec::StrictObject& object, bool in_full, RegionIntensity& site)
{
    const auto has = [&](const char* key) { return in_full || object.has(key); };
    object.read_text("provider", site.provider);
    object.read_text("region", site.region);
    if (has("location")) object.read_text("location", site.location);
    if (has("iso3")) object.read_text("iso3", site.iso3);
    if (has("gco2e_per_kwh"))
        object.attempt([&] { site.intensity = GramsPerKilowattHour{object.number("gco2e_per_kwh", intensity_range)}; });
    if (has("year")) object.attempt([&] { site.year = parse_year(object); });
    if (has("basis")) object.read_text("basis", site.basis);
    if (has("source")) object.read_text("source", site.source);
    object.attempt([&] { read_pue(object, site); });
}

}  // namespace

RegionIntensity parse_datacenter_site(const Json& json, const std::string& path, const RegionLookup& lookup)
{
    if (!json.is_object() && !json.is_string())
        spec::refuse(path, json, "a text such as \"aws:eu-west-3\", or an object with provider, region and pue");
    const bool in_full = json.is_object() && json.contains("gco2e_per_kwh");
    spec::Mistakes mistakes;
    RegionIntensity site;
    mistakes.collect([&] {
        if (!in_full) site = looked_up(json, path, lookup);
    });
    if (json.is_object()) {
        spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
        read_keys(object, in_full, site);
        object.finish();
    }
    mistakes.finish();
    if (!site.pue)
        throw SpecError{path + ".pue: none is known of " + id_of(site) + "; give an object with it: " +
                        Json{{"provider", site.provider}, {"region", site.region}, {"pue", 1.2}}.dump()};
    return site;
}

GridIntensity grid_of(const RegionIntensity& site)
{
    return {site.iso3, id_of(site) + " (" + site.location + ")", site.intensity, site.year, site.basis, site.source};
}

}  // namespace fedgram::carbon
