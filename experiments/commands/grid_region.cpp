#include "experiments/commands/grid_region.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

int show_one(const RegionOptions& options)
{
    const auto left_out = left_out_of_region(options.region);
    const auto find = [&] {
        return region_table().find(options.region, {.year = options.year, .basis = options.basis});
    };
    const auto found = left_out ? with_way_out<SpecError>("left out: " + *left_out, find) : find();
    const auto source = grid_source(found.source);
    if (options.json) {
        auto json = carbon::to_json(found);
        json["attribution"] = source.at("attribution");
        json["licence"] = source.at("licence");
        if (left_out) json["left_out"] = *left_out;
        json["pue_attribution"] = found.pue ? grid_source(found.pue_source).at("attribution") : ordered_json{};
        std::cout << json.dump(2) << "\n";
        return 0;
    }
    std::cout << carbon::id_of(found) << ", " << found.location << " (" << found.iso3 << "), " << found.year << ": "
              << text::shortest(found.intensity.count()) << " gCO2e/kWh, " << found.basis << "\n"
              << "source: " << source.at("attribution").get<std::string>() << "\n";
    if (left_out) std::cout << "left out: " << *left_out << "\n";
    if (found.pue)
        std::cout << "PUE " << text::shortest(found.pue->ratio()) << "\n"
                  << "source: " << grid_source(found.pue_source).at("attribution").get<std::string>() << "\n";
    else
        std::cout << "PUE: none known\n";
    return 0;
}

int show_all(const RegionOptions& options)
{
    auto list = ordered_json::array();
    text::TextTable table{{"region", "location", "gCO2e/kWh", "basis", "year", "PUE", "source"}};
    for (const auto& region : region_table().of_provider(options.provider)) {
        table.add({carbon::id_of(region), region.location, text::shortest(region.intensity.count()), region.basis,
                   std::to_string(region.year), region.pue ? text::shortest(region.pue->ratio()) : "-", region.source});
        list.push_back(carbon::to_json(region));
    }
    std::cout << (options.json ? list.dump(2) + "\n" : table.text());
    return 0;
}

}  // namespace

int grid_region(const RegionOptions& options) { return options.region.empty() ? show_all(options) : show_one(options); }

}  // namespace fedgram::experiments
