#include "experiments/grid.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

int show_country(const GridOptions& options)
{
    carbon::GridChoice choice;
    choice.year = options.year;
    const auto countries = grid_table();
    const auto& found = countries.find(options.country, choice);
    const auto source = grid_source(found.source);
    if (options.json) {
        auto json = carbon::to_json(found);
        json["attribution"] = source.at("attribution");
        json["licence"] = source.at("licence");
        std::cout << json.dump(2) << "\n";
    } else {
        std::cout << found.name << " (" << found.iso3 << "), " << found.year << ": " << found.intensity.count()
                  << " gCO2e/kWh, " << found.basis << "\n"
                  << "source: " << source.at("attribution").get<std::string>() << "\n";
    }
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
    return show_country(options);
}

}  // namespace fedgram::experiments
