#include "common/report/seeds/setting_names.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "common/text/joined.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_keys = 3;

// In the order of the first setting's keys, then of the others'. `flat` has each setting's values by their place, as
// "/trainings/1/local_epochs".
std::vector<std::string> differing_places(const std::vector<Json>& flat)
{
    std::vector<std::string> places;
    std::set<std::string> seen;
    for (const auto& values : flat)
        for (auto at = values.begin(); at != values.end(); ++at) {
            const auto same = [&](const Json& others) {
                const auto found = others.find(at.key());
                return found != others.end() && *found == at.value();
            };
            if (seen.insert(at.key()).second && !std::ranges::all_of(flat, same)) places.push_back(at.key());
        }
    return places;
}

std::string last_part(const std::string& place) { return place.substr(place.rfind('/') + 1); }

bool is_index(const std::string& part) { return part.find_first_not_of("0123456789") == std::string::npos; }

// A key that several trainings have is told once where each of them has the same value. Empty where an item of a list
// differs, which has no name.
std::string name_of(const Json& values, const std::vector<std::string>& places)
{
    std::vector<std::string> parts;
    for (const auto& place : places) {
        const auto found = values.find(place);
        if (found == values.end()) continue;
        if (is_index(last_part(place))) return "";
        const auto& value = *found;
        const auto part = last_part(place) + " " + (value.is_string() ? value.get<std::string>() : value.dump());
        if (std::ranges::count(parts, part) == 0) parts.push_back(part);
    }
    return parts.size() > most_keys ? "" : text::joined(parts, ", ");
}

}  // namespace

std::vector<std::string> setting_names(std::span<const NamedSetting> settings)
{
    std::vector<Json> flat;
    for (const auto& [setting, fallback] : settings) flat.push_back(Json::parse(setting).flatten());
    const auto places = differing_places(flat);
    std::vector<std::string> names;
    for (const auto& values : flat) names.push_back(name_of(values, places));
    const bool tell_apart = std::set<std::string>{names.begin(), names.end()}.size() == names.size();
    if (tell_apart && std::ranges::none_of(names, &std::string::empty)) return names;
    names.clear();
    for (const auto& [setting, fallback] : settings) names.push_back(fallback);
    return names;
}

}  // namespace fedgram::report
