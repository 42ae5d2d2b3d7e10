#include "experiments/commands/grid.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

void show(const carbon::GridIntensity& found, const std::string& source)
{
    std::cout << found.name << " (" << found.iso3 << "), " << found.year << ": " << found.intensity.count()
              << " gCO2e/kWh, " << found.basis << "\n"
              << "source: " << source << "\n";
}

int show_country(const GridOptions& options)
{
    const auto countries = grid_table();
    const auto& found = countries.find(options.country, {.year = options.year});
    const auto source = grid_source(found.source);
    if (options.json) {
        auto json = carbon::to_json(found);
        json["attribution"] = source.at("attribution");
        json["licence"] = source.at("licence");
        std::cout << json.dump(2) << "\n";
    } else {
        show(found, source.at("attribution").get<std::string>());
    }
    return 0;
}

/// Of a user's file any basis and source counts, since its owner chose them.
int show_country_of_file(const GridOptions& options)
{
    const auto countries = grid_table(options.file);
    auto choice = carbon::any_of_file();
    choice.year = options.year;
    const auto& found = countries.find(options.country, choice);
    if (options.json)
        std::cout << carbon::to_json(found).dump(2) << "\n";
    else
        show(found, found.source + ", in " + options.file);
    return 0;
}

}  // namespace

int grid(const GridOptions& options)
{
    if (!options.region.region.empty() || !options.region.provider.empty()) {
        auto region = options.region;
        region.year = options.year;
        region.json = options.json;
        return grid_region(region);
    }
    if (!options.hourly.series.empty()) {
        auto hourly = options.hourly;
        hourly.json = options.json;
        return grid_hourly(hourly);
    }
    if (options.country.empty())
        throw SpecError{
            "grid: nothing to look up; give a country (FRA), --region gcp:europe-west1, --regions aws or --hourly"};
    return options.file.empty() ? show_country(options) : show_country_of_file(options);
}

}  // namespace fedgram::experiments
