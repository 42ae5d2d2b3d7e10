#include "experiments/lookup/record_lookup.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_formats/read_hourly.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/spec/parse.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/joined.hpp"
#include "common/text/nearest_names.hpp"
#include "datasets/records/records.hpp"
#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

constexpr std::string_view hourly_prefix = "grid_hourly_";

/// "devices/v100.json" of the folder "devices" is "v100".
std::vector<std::string> ids_in(const std::string& folder)
{
    std::vector<std::string> ids;
    for (const auto& path : datasets::record_names(folder + "/"))
        ids.push_back(std::filesystem::path{path}.stem().string());
    return ids;
}

/// The one of `known` that `name` is in upper or lower case.
std::optional<std::string> as_known(std::string_view name, const std::vector<std::string>& known)
{
    const auto wanted = text::lower(name);
    const auto found = std::ranges::find(known, wanted, [](const auto& one) { return text::lower(one); });
    return found == known.end() ? std::nullopt : std::optional{*found};
}

ordered_json json_record(const std::string& folder, const std::string& id, const std::string& what)
{
    const auto ids = ids_in(folder);
    const auto known = as_known(id, ids);
    if (!known) {
        const auto near = text::did_you_mean(id, ids);
        throw SpecError{"\"" + id + "\" is no " + what + "; " + near + (near.empty() ? "" : " ") + "use one of " +
                        text::joined(ids)};
    }
    const auto path = folder + "/" + *known + ".json";
    return spec::parse_json_text(datasets::record(path), path);
}

bool is_path(const std::string& id_or_path)
{
    return id_or_path.find('/') != std::string::npos || id_or_path.ends_with(".json");
}

// Of the one series of record; a second would need its basis and its source beside its name.
constexpr std::string_view hourly_basis = "lifecycle";
constexpr std::string_view hourly_source = "eia930-ciso";

carbon::HourlyRecord hourly_of_record(const std::string& name, const carbon::HourlyFileOptions& options)
{
    if (options.basis.value_or(std::string{hourly_basis}) != hourly_basis)
        throw SpecError{name + " is " + std::string{hourly_basis} + ", and there is no " + *options.basis +
                        " one of record"};
    if (options != carbon::HourlyFileOptions{.basis = options.basis})
        throw SpecError{name + " is a series of record; leave out what says how a file is read"};
    const auto file = std::string{hourly_prefix} + name + ".csv";
    auto reading = carbon::read_hourly(datasets::record(file), file);
    return {{name, std::move(reading.made.hours)}, std::string{hourly_basis}, std::string{hourly_source}};
}

ordered_json grid_sources()
{
    return spec::parse_json_text(datasets::record("grid_sources.json"), "grid_sources.json");
}

}  // namespace

carbon::CountryNames country_names()
{
    return carbon::CountryNames::parse_csv(datasets::record("countries.csv"), "countries.csv");
}

carbon::GridTable grid_table()
{
    // Once for all runs of a sweep.
    static const auto table =
        carbon::GridTable::parse_csv(datasets::record("grid_intensity.csv"), "grid_intensity.csv", country_names());
    return table;
}

carbon::GridTable grid_table(const std::string& path)
{
    if (!std::filesystem::is_regular_file(path))
        throw SpecError{path +
                        " is not there; give a .csv file with the columns iso3, name, year, gco2e_per_kwh, basis and "
                        "source"};
    return carbon::GridTable::parse_csv(files::read_file(path), path, country_names());
}

std::vector<std::string> grid_country_words()
{
    std::vector<std::string> codes;
    std::vector<std::string> names;
    const auto grid = grid_table();
    for (const auto& row : grid.rows()) {
        if (std::ranges::find(codes, row.iso3) != codes.end()) continue;
        codes.push_back(row.iso3);
        names.push_back(row.name);
    }
    codes.insert(codes.end(), names.begin(), names.end());
    return codes;
}

carbon::RegionTable region_table()
{
    return carbon::RegionTable::parse_csv(datasets::record("grid_regions.csv"), "grid_regions.csv");
}

std::vector<std::string> hourly_series_names()
{
    std::vector<std::string> names;
    for (const auto& path : datasets::record_names(hourly_prefix))
        names.push_back(std::filesystem::path{path.substr(hourly_prefix.size())}.stem().string());
    return names;
}

bool is_hourly_of_record(const std::string& name_or_path)
{
    return as_known(name_or_path, hourly_series_names()).has_value();
}

carbon::HourlyRecord hourly_record(const std::string& name_or_path, const carbon::HourlyFileOptions& options)
{
    const auto names = hourly_series_names();
    if (const auto known = as_known(name_or_path, names)) return hourly_of_record(*known, options);
    const std::filesystem::path path{name_or_path};
    if (!std::filesystem::is_regular_file(path))
        throw SpecError{"hourly series " + name_or_path +
                        " is not there; give the path of a .csv or .json file, or one of " + text::joined(names)};
    auto [made, basis, provider] = carbon::read_hourly(files::read_file(path), name_or_path, options);
    return {{path.stem().string(), std::move(made.hours), std::move(made.origins)},
            std::move(basis),
            path.filename().string() + (provider.empty() ? "" : " of " + provider)};
}

ordered_json grid_source(const std::string& id) { return grid_sources().at(id); }

std::optional<std::string> grid_attribution(const std::string& source)
{
    const auto sources = grid_sources();
    if (!sources.contains(source)) return std::nullopt;
    return sources.at(source).at("attribution").get<std::string>();
}

std::string zero_grid_reason(const std::string& source)
{
    const auto sources = grid_sources();
    if (sources.contains(source) && sources.at(source).contains("zero"))
        return sources.at(source).at("zero").get<std::string>();
    return "0 as " + source + " states it";
}

std::optional<std::string> left_out_of_region(const std::string& region_id)
{
    for (const auto& source : grid_sources())
        if (const auto found = source.find("left_out"); found != source.end())
            for (const auto& [region, what] : found->items())
                if (region == text::lower(region_id)) return what.get<std::string>();
    return std::nullopt;
}

std::vector<std::string> device_ids() { return ids_in("devices"); }

ordered_json device_json(const std::string& id_or_path)
{
    if (const auto known = as_known(id_or_path, inference_device_ids()); known && !has_device_profile(id_or_path))
        throw SpecError{*known + " is for inference only: no training is priced on it; use one of " +
                        text::joined(device_ids())};
    if (const auto known = as_known(id_or_path, serving_ids()); known && !has_device_profile(id_or_path))
        throw SpecError{*known +
                        " answers batches alone, by `fedgram analyze`: neither a training nor a table's request is "
                        "priced on it; use one of " +
                        text::joined(device_ids())};
    if (!is_path(id_or_path)) return json_record("devices", id_or_path, "device of record nor a path of a .json file");
    if (!std::filesystem::is_regular_file(id_or_path))
        throw SpecError{id_or_path + " is not there; give a device profile's path, or one of " +
                        text::joined(device_ids())};
    return spec::parse_json_text(files::read_file(id_or_path), id_or_path);
}

energy::DeviceProfile device(const std::string& id_or_path)
{
    return energy::parse_device_profile(device_json(id_or_path), id_or_path + ": device");
}

std::vector<std::string> inference_device_ids() { return ids_in("inference"); }

bool has_device_profile(const std::string& id_or_path)
{
    if (is_path(id_or_path)) return !find_inference_json(id_or_path).has_value();
    return as_known(id_or_path, device_ids()).has_value();
}

std::optional<ordered_json> find_inference_json(const std::string& id_or_path)
{
    if (const auto known = as_known(id_or_path, inference_device_ids()))
        return json_record("inference", *known, "device for inference");
    if (!is_path(id_or_path) || !std::filesystem::is_regular_file(id_or_path)) return std::nullopt;
    auto json = spec::parse_json_text(files::read_file(id_or_path), id_or_path);
    return energy::is_inference_profile(json) ? std::optional{std::move(json)} : std::nullopt;
}

std::optional<energy::InferenceProfile> find_inference_device(const std::string& id_or_path)
{
    const auto json = find_inference_json(id_or_path);
    if (!json) return std::nullopt;
    return energy::parse_inference_profile(*json, id_or_path + ": device");
}

energy::Figure network_figure(const std::string& id)
{
    constexpr std::array<std::string_view, 5> columns{"id", "year", "kwh_per_gb", "scope", "source"};
    const std::string where = "network.csv";
    std::vector<std::string> ids;
    for (const auto& row : text::csv_rows(datasets::record(where), where, columns)) {
        const auto& [name, year, value, scope, source] =
            std::tie(row.fields[0], row.fields[1], row.fields[2], row.fields[3], row.fields[4]);
        ids.push_back(name);
        if (text::lower(name) != text::lower(id)) continue;
        return {text::not_negative_number(row, where, columns[2], value), std::nullopt, std::nullopt,
                energy::EvidenceLevel::published,
                name + (year.empty() ? "" : " (" + year + ")") + ": " + scope + "; " + source};
    }
    throw SpecError{"\"" + id + "\" is no figure of record for kWh per GB; use a number, or one of " +
                    text::joined(ids)};
}

report::PublishedTable published_table(const std::string& id)
{
    return report::parse_published_table(json_record("published", id, "published table"), "published/" + id + ".json");
}

std::optional<report::PublishedTable> published_beside(const carbon::Accounting& accounting)
{
    if (!accounting.published) return std::nullopt;
    return with_context("accounting.published", [&] { return published_table(*accounting.published); });
}

energy::InferenceDevice inference_device(const std::string& id_or_path)
{
    energy::InferenceDevice found{.profile = {}, .inference = find_inference_device(id_or_path)};
    if (!found.inference || has_device_profile(id_or_path)) found.profile = device(id_or_path);
    return found;
}

carbon::AccountingLookup accounting_lookup()
{
    // Parsed at the first look-up: a section without names needs none.
    const auto grid = std::make_shared<std::optional<carbon::GridTable>>();
    return {.device = device,
            .inference_device = inference_device,
            .country =
                [grid](const std::string& country) {
                    if (!*grid) *grid = grid_table();
                    return (*grid)->find(country);
                },
            .network = network_figure,
            .grid_file = [](const std::string& path) { return grid_table(path); },
            .hourly = hourly_record,
            .region = [](const std::string& id,
                         const std::optional<std::string>& basis) { return region_table().find(id, {.basis = basis}); },
            .serving = serving_record};
}

fleet::Fleet fleet_of_file(const std::string& path, std::uint64_t seed, std::uint32_t nodes, const energy::Link& link)
{
    if (!std::filesystem::is_regular_file(path))
        throw SpecError{path + ": there is no such file; give one with the groups of a fleet"};
    const auto json = spec::parse_json_text(files::read_file(path), path);
    const bool is_wrapped = json.is_object() && json.size() == 1 && json.contains("fleet");
    const auto lookup = accounting_lookup();
    const carbon::Places places{nullptr, lookup};
    return fleet::parse_fleet(is_wrapped ? json["fleet"] : json, path + ": fleet", {seed, nodes, places, lookup, link});
}

carbon::Accounting read_accounting(const ordered_json& section)
{
    auto accounting = carbon::parse_accounting(section, accounting_lookup());
    static_cast<void>(published_beside(accounting));
    return accounting;
}

}  // namespace fedgram::experiments
