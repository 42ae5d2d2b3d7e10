#include "experiments/lookup/serving_lookup.hpp"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/spec/parse.hpp"
#include "common/text/joined.hpp"
#include "common/text/nearest_names.hpp"
#include "datasets/records/records.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

constexpr auto folder = "serving/";

}

std::vector<std::string> serving_ids()
{
    std::vector<std::string> ids;
    for (const auto& path : datasets::record_names(folder)) ids.push_back(std::filesystem::path{path}.stem().string());
    return ids;
}

std::optional<ordered_json> find_serving_json(const std::string& id_or_path)
{
    const auto ids = serving_ids();
    if (const auto known = std::ranges::find(ids, text::lower(id_or_path)); known != ids.end()) {
        const auto path = folder + *known + ".json";
        return spec::parse_json_text(datasets::record(path), path);
    }
    if (!std::filesystem::is_regular_file(id_or_path)) return std::nullopt;
    auto json = spec::parse_json_text(files::read_file(id_or_path), id_or_path);
    return energy::is_serving_profile(json) ? std::optional{std::move(json)} : std::nullopt;
}

std::optional<energy::ServingProfile> serving_record(const std::string& id)
{
    const auto ids = serving_ids();
    return std::ranges::find(ids, text::lower(id)) == ids.end() ? std::nullopt : find_serving_profile(id);
}

std::optional<energy::ServingProfile> find_serving_profile(const std::string& id_or_path)
{
    const auto json = find_serving_json(id_or_path);
    if (!json) return std::nullopt;
    return energy::parse_serving_profile(*json, id_or_path + ": device");
}

ServedDevice served_device(const std::string& id_or_path)
{
    if (auto profile = find_serving_profile(id_or_path)) {
        // A file of the user's says all that it wants to.
        if (serving_record(id_or_path) && !profile->rental_usd_per_hour && has_device_profile(profile->id))
            profile->rental_usd_per_hour = device(profile->id).rental_usd_per_hour;
        return {.profile = *profile};
    }
    if (auto inference = find_inference_device(id_or_path)) {
        if (auto profile = energy::one_by_one(*inference)) return {*profile, inference};
        throw SpecError{inference->id + ": no measured row gives it a rate, so nothing is served on it; use one of " +
                        text::joined(served_device_ids())};
    }
    const auto ids = served_device_ids();
    const auto near = text::did_you_mean(id_or_path, ids);
    throw SpecError{"\"" + id_or_path + "\" has no figures to serve a model by; " + near + (near.empty() ? "" : " ") +
                    "use the path of a .json file, or one of " + text::joined(ids)};
}

std::vector<std::string> served_device_ids()
{
    auto ids = serving_ids();
    for (const auto& id : inference_device_ids())
        if (energy::one_by_one(*find_inference_device(id)) && std::ranges::find(ids, id) == ids.end())
            ids.push_back(id);
    return ids;
}

}  // namespace fedgram::experiments
