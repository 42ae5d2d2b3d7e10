#include "experiments/commands/grid.hpp"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/joined.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

bool is_zero(const carbon::GridIntensity& grid) { return grid.intensity == GramsPerKilowattHour{}; }

void show(const carbon::GridIntensity& found, const std::string& source)
{
    std::cout << found.name << " (" << found.iso3 << "), " << found.year << ": " << found.intensity.count()
              << " gCO2e/kWh, " << found.basis << "\n"
              << "source: " << source << "\n";
    if (is_zero(found)) std::cout << "zero: " << zero_grid_reason(found.source) << "\n";
}

ordered_json json_of(const carbon::GridIntensity& found)
{
    auto json = carbon::to_json(found);
    if (is_zero(found)) json["zero_reason"] = zero_grid_reason(found.source);
    return json;
}

int show_country(const GridOptions& options)
{
    const auto countries = grid_table();
    const auto& found = countries.find(options.country, {.year = options.year});
    const auto source = grid_source(found.source);
    if (options.json) {
        auto json = json_of(found);
        json["attribution"] = source.at("attribution");
        json["licence"] = source.at("licence");
        std::cout << json.dump(2) << "\n";
    } else {
        show(found, source.at("attribution").get<std::string>());
    }
    return 0;
}

/// A user's file may have any basis and source: the user chose them.
int show_country_of_file(const GridOptions& options)
{
    const auto countries = grid_table(options.file);
    auto choice = carbon::any_of_file();
    choice.year = options.year;
    const auto& found = countries.find(options.country, choice);
    if (options.json)
        std::cout << json_of(found).dump(2) << "\n";
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
        hourly.choice.basis = options.region.basis;
        hourly.json = options.json;
        return grid_hourly(hourly);
    }
    if (options.region.basis) throw SpecError{"--basis: is for --region and --hourly; leave it out"};
    if (options.country.empty())
        throw SpecError{
            "grid: nothing to look up; give a country (FRA), --region gcp:europe-west1, --regions aws or --hourly"};
    return options.file.empty() ? show_country(options) : show_country_of_file(options);
}

void add_grid(CommandSet& commands)
{
    const auto options = std::make_shared<GridOptions>();
    const auto sub = commands.add(
        "grid", "Show the grid intensity of a country or a cloud region with its source, or when to start",
        "  fedgram grid FRA\n"
        "  fedgram grid germany --year 2019 --json\n"
        "  fedgram grid NLD --grid-file my-grid.csv\n"
        "  fedgram grid --region gcp:europe-west1\n"
        "  fedgram grid --region subnational:US-CA --json\n"
        "  fedgram grid --regions aws\n"
        "  fedgram grid --hourly --duration 6 --from 2020-09-14T06:00Z\n"
        "  fedgram grid --hourly tomorrow.csv --duration 2.5 --json\n"
        "  fedgram grid --hourly DE_2024_hourly.csv --basis direct --duration 6 --from 2024-05-01T06:00Z\n"
        "  fedgram grid --hourly day.json --forecast --duration 2\n"
        "  fedgram grid --hourly mine.csv --time-column Start --value-column g --time-zone +01:00 --duration 6\n"
        "A file for --hourly is an export of Electricity Maps, JSON of the UK Carbon Intensity API, or a CSV "
        "with columns of times and of gCO2e/kWh; finer steps are averaged to hours.",
        grid, options);
    const auto country =
        sub.option("country", &options->country, "ISO 3166 code (GB, GBR) or a name (UK, Great Britain)")
            .type_name("COUNTRY");
    const auto year =
        sub.option("--year", &options->year,
                   "Year of the average (default: 2024, or the latest before it; of a region or a file the latest)");
    sub.option("--grid-file", &options->file,
               "Countries of your own: a .csv file with the columns iso3, name, year, gco2e_per_kwh, basis, source")
        .type_name("FILE")
        .needs(country);
    const auto region =
        sub.option("--region", &options->region.region,
                   "A cloud region (aws, azure, gcp), a state (subnational) or an eGRID subregion (egrid)")
            .type_name("PROVIDER:REGION")
            .excludes(country);
    const auto regions =
        sub.option("--regions", &options->region.provider, "List the regions of aws, azure, gcp, egrid or subnational")
            .type_name("PROVIDER")
            .suggests({"aws", "azure", "gcp", "egrid", "subnational"})
            .excludes(country)
            .excludes(region)
            .excludes(year);
    sub.option("--basis", &options->region.basis,
               "Of a region or a file of --hourly: lifecycle or direct (default: lifecycle where it is known)")
        .one_of({"lifecycle", "direct"});
    const auto hourly = sub.option("--hourly", &options->hourly.series,
                                   "Find the best start within 24 hours by an hourly series: a file, or one of record "
                                   "(" +
                                       text::joined(hourly_series_names()) + "; the default)")
                            .type_name("FILE")
                            .value_optional("US-CAL-CISO")
                            .suggests(hourly_series_names())
                            .excludes(country)
                            .excludes(region)
                            .excludes(regions)
                            .excludes(year);
    sub.option("--duration", &options->hourly.duration_h, "Hours that the training takes, at constant power")
        .type_name("HOURS")
        .needs(hourly);
    sub.option("--from", &options->hourly.from,
               "The earliest start (default: now, or the beginning of a series that doesn't hold the present)")
        .type_name("UTC")
        .needs(hourly);
    add_hourly_choice(sub, options->hourly.choice, hourly);
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
