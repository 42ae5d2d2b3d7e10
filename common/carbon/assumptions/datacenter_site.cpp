#include "common/carbon/assumptions/datacenter_site.hpp"

#include <nlohmann/json.hpp>

#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::carbon {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* stated_source = "stated in the specification";

}  // namespace

Json resolve_datacenter_site(const Json& stated, const std::string& path, const RegionLookup& lookup)
{
    const bool in_full = stated.is_object() && stated.contains("gco2e_per_kwh");
    if (in_full || (!stated.is_object() && !stated.is_string())) return stated;  // parsing says what is wrong
    std::string id;
    std::optional<std::string> basis;
    if (stated.is_string()) {
        id = stated.get<std::string>();
    } else {
        spec::StrictObject object{stated, path};
        id = object.text("provider") + ":" + object.text("region");
        if (object.find("basis") != nullptr) basis = object.choice("basis", {"lifecycle", "direct"});
    }
    Json site;
    try {
        site = to_json(lookup(id, basis));
    } catch (const SpecError& error) {
        throw SpecError{path + ": " + error.what()};
    }
    if (!stated.is_object()) return site;
    if (stated.contains("pue")) site["pue_source"] = stated_source;
    site.update(stated);
    return site;
}

RegionIntensity parse_datacenter_site(const Json& json, const std::string& path)
{
    if (!json.is_object())
        spec::refuse(path, json, "a text such as \"aws:eu-west-3\", or an object with provider, region and pue");
    spec::StrictObject object{json, path};
    RegionIntensity site;
    site.provider = object.text("provider");
    site.region = object.text("region");
    site.location = object.text("location");
    site.iso3 = object.text("iso3");
    site.intensity = GramsPerKilowattHour{object.number("gco2e_per_kwh", intensity_range)};
    site.year = parse_year(object);
    site.basis = object.text("basis");
    site.source = object.text("source");
    const auto* const pue = object.find("pue");
    if (pue == nullptr || pue->is_null())
        throw SpecError{object.path_of("pue") + ": none is known of " + id_of(site) + "; give an object with it: " +
                        Json{{"provider", site.provider}, {"region", site.region}, {"pue", 1.2}}.dump()};
    site.pue = Pue{object.number("pue", {1, spec::NumberRange::Low::included, 10})};
    const auto* const source = object.find("pue_source");
    site.pue_source = source == nullptr || source->is_null() ? stated_source : object.text("pue_source");
    object.finish();
    return site;
}

GridIntensity grid_of(const RegionIntensity& site)
{
    return {site.iso3, id_of(site) + " (" + site.location + ")", site.intensity, site.year, site.basis, site.source};
}

}  // namespace fedgram::carbon
