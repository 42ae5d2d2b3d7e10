#include <algorithm>
#include <chrono>
#include <numeric>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_intensity.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::report {

namespace {

constexpr Seconds hour{3600};

// The pipeline, the same for every table. Operational emissions are those of Table: devices with PUE, and network,
// each times the grid. The aggregation is over time alone: cells are alternatives, so that their sum would mean
// nothing.
constexpr const char* pipeline = R"yaml(aggregation:
  metrics: [device/carbon, network/carbon, carbon]
  type: time
initialize:
  plugins:
    device-energy-with-pue:
      path: builtin
      method: Multiply
      config:
        input-parameters: [device/energy, pue]
        output-parameter: device/energy-with-pue
      parameter-metadata:
        inputs:
          device/energy:
            unit: kWh
            description: energy of the devices, before PUE
            aggregation-method: {time: sum, component: sum}
          pue:
            unit: none
            description: power usage effectiveness, 1 where there is no data centre
            aggregation-method: {time: none, component: none}
        outputs:
          device/energy-with-pue:
            unit: kWh
            description: energy of the devices with PUE
            aggregation-method: {time: sum, component: sum}
    device-carbon:
      path: builtin
      method: Multiply
      config:
        input-parameters: [device/energy-with-pue, grid/carbon-intensity]
        output-parameter: device/carbon
      parameter-metadata:
        inputs:
          grid/carbon-intensity:
            unit: gCO2e/kWh
            description: intensity of the grid that devices and network draw from
            aggregation-method: {time: none, component: none}
        outputs:
          device/carbon:
            unit: gCO2e
            description: emissions of the devices' electricity (scope 2)
            aggregation-method: {time: sum, component: sum}
    network-carbon:
      path: builtin
      method: Multiply
      config:
        input-parameters: [network/energy, grid/carbon-intensity]
        output-parameter: network/carbon
      parameter-metadata:
        inputs:
          network/energy:
            unit: kWh
            description: energy of the network equipment, which has no PUE
            aggregation-method: {time: sum, component: sum}
        outputs:
          network/carbon:
            unit: gCO2e
            description: emissions of the network equipment's electricity (scope 3)
            aggregation-method: {time: sum, component: sum}
    carbon:
      path: builtin
      method: Sum
      config:
        input-parameters: [device/carbon, network/carbon]
        output-parameter: carbon
      parameter-metadata:
        outputs:
          carbon:
            unit: gCO2e
            description: operational emissions, the number in the table's cell
            aggregation-method: {time: sum, component: sum}
tree:
  pipeline:
    compute: [device-energy-with-pue, device-carbon, network-carbon, carbon]
  children:
)yaml";

// What is drawn while a grid's intensity is one value.
struct TimeStep {
    std::chrono::sys_seconds begin;  // of what the intensity is the mean of: an hour, or a year
    Seconds duration;                // virtual
    Joules devices;                  // before PUE
    Joules network;
    GramsPerKilowattHour intensity;
};

// YAML 1.1 takes 6e-04 for a text, and 6.0e-04 for a number.
std::string number(double value)
{
    auto text = text::shortest(value);
    const auto exponent = text.find('e');
    if (exponent != std::string::npos && text.find('.') == std::string::npos) text.insert(exponent, ".0");
    return text;
}

std::chrono::sys_seconds begin_of(const carbon::GridIntensity& grid)
{
    using namespace std::chrono;
    if (grid.hourly) return grid.hourly->hours.begin();
    return sys_days{year{grid.year} / January / 1};
}

// A place's energy goes to its hours as its load does, since the cell is at their mean: network and moved raw data too.
void add_steps(const Table& table, const Cell& cell, std::size_t place_index, std::vector<TimeStep>& steps)
{
    const auto& column = table.columns[cell.column];
    const auto& place = column.places[place_index];
    const auto grid = table.place(cell, place_index);
    const auto devices = column.pue ? column.phases.train : place.energy.devices;
    const auto network = place.energy.network;
    const auto drawn = grid.hourly ? carbon::energy_by_hour(place.load) : std::vector<Joules>{};
    const auto sum = std::accumulate(drawn.begin(), drawn.end(), Joules{});
    if (!(sum > Joules{})) {
        steps.push_back({begin_of(grid), column.phases.virtual_time, devices, network, cell.intensities[place_index]});
        return;
    }
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const auto share = drawn[i].count() / sum.count();
        const auto until_end = column.phases.virtual_time - hour * static_cast<double>(i);
        steps.push_back({begin_of(grid) + std::chrono::hours{i}, std::min(hour, until_end), devices * share,
                         network * share, grid.hourly->hours.values()[i]});
    }
}

std::vector<TimeStep> steps_of(const Table& table, const Cell& cell)
{
    std::vector<TimeStep> steps;
    for (std::size_t i = 0; i < table.columns[cell.column].places.size(); ++i) add_steps(table, cell, i, steps);
    return steps;
}

std::string child_name(const Table& table, const Column& column)
{
    const auto& outcome = table.outcome(column);
    return column.heading +
           (outcome.missed_target() ? std::string{": "} + outcome.missed_words() + ", spent so far" : "");
}

std::string text_of(const TimeStep& step, double pue)
{
    return "            - timestamp: " + yaml_text(text::utc_text(step.begin)) +
           "\n              duration: " + number(step.duration.count()) +
           "\n              device/energy: " + number(kilowatt_hours(step.devices)) +
           "\n              pue: " + number(pue) +
           "\n              network/energy: " + number(kilowatt_hours(step.network)) +
           "\n              grid/carbon-intensity: " + number(step.intensity.count()) + "\n";
}

std::string description(const Table& table)
{
    auto text = table.title() + ". Stop rule: " + table.stop_rule + ".";
    for (const auto& note : not_reached_notes(table)) text += " " + note + ".";
    for (const auto& note : set_up_notes(table)) text += " " + note + ".";
    text += " Grid: " + grid_note(table) + ". Network: " + network_text(table, table.accounting.network.method) + ".";
    for (const auto& note : place_notes(table)) text += " " + note + ".";
    return text;
}

}  // namespace

std::string yaml_text(const std::string& text) { return nlohmann::json(text).dump(); }

std::string render_impact_framework(const Table& table)
{
    std::vector<std::vector<TimeStep>> steps;
    std::size_t most = 0;
    for (const auto& cell : table.cells) most = std::max(most, steps.emplace_back(steps_of(table, cell)).size());
    std::string out =
        "name: " + yaml_text(table.name) + "\ndescription: " + yaml_text(description(table)) + "\n" + pipeline;
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
        const auto& cell = table.cells[i];
        const auto& column = table.columns[cell.column];
        if (cell.column == 0)
            out += "    " + yaml_text(table.accounting.countries[cell.country].iso3) + ":\n      children:\n";
        // The plugins know no band: a comment says it.
        if (const auto band = cell_band_text(table, cell); !band.empty())
            out += "        # " + cell_text(table, cell) + " g, by the bands of the figures " + band + " g\n";
        out += "        " + yaml_text(child_name(table, column)) + ":\n          inputs:\n";
        // Who adds children up gets as many steps as the first one has, so each has as many as the longest.
        steps[i].resize(most, {steps[i].back().begin, Seconds{}, Joules{}, Joules{}, steps[i].back().intensity});
        for (const auto& step : steps[i]) out += text_of(step, column.pue ? column.pue->ratio() : 1);
    }
    return out;
}

}  // namespace fedgram::report
