#include "experiments/grid.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/spec/parse.hpp"
#include "datasets/records.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

int grid(const GridOptions& options)
{
    carbon::GridChoice choice;
    choice.year = options.year;
    const auto countries = grid_table();
    const auto& found = countries.find(options.country, choice);
    const auto sources = spec::parse_json_text(datasets::record("grid_sources.json"), "grid_sources.json");
    const auto& source = sources.at(found.source);
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

}  // namespace fedgram::experiments
