#include "common/carbon/assumptions/places.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/error/context.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::carbon {

using Json = nlohmann::ordered_json;

Places::Places(const Json* grid_file, const AccountingLookup& lookup) : lookup_{lookup}
{
    if (grid_file == nullptr || grid_file->is_null()) return;
    const std::string key = "accounting.grid_file";
    if (!grid_file->is_string()) spec::refuse(key, *grid_file, "the path of a .csv file");
    const auto path = grid_file->get<std::string>();
    file_ = with_context(key, [&] { return lookup.grid_file(path); });
    file_name_ = std::filesystem::path{path}.filename().string();
}

GridIntensity Places::find(const std::string& name) const
{
    if (!file_ || !file_->knows(name)) return lookup_.country(name);
    auto found = file_->find(name, any_of_file());
    found.source += ", in " + file_name_;
    return found;
}

GridIntensity Places::parse(const Json& json, const std::string& path) const
{
    if (json.is_string()) return with_context(path, [&] { return find(json.get<std::string>()); });
    if (is_hourly_grid(json)) return parse_hourly_grid(json, path, lookup_.hourly);
    return parse_grid_intensity(json, path);
}

void Places::update(GridIntensity& place) const
{
    if (file_ && !place.hourly && file_->knows(place.iso3)) place = find(place.iso3);
}

}  // namespace fedgram::carbon
