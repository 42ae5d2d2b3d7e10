#include <catch2/catch.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/report/render/render.hpp"
#include "common/text/utc_time.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using Catch::Matchers::Contains;

// That the Impact Framework computes the table's grams of such a manifest is tested in tests/peers.

namespace {

// One country and one PUE; a federated training that missed its target.
Table table()
{
    auto accounting = test::accounting();
    accounting.countries.pop_back();
    accounting.pue.pop_back();
    return build_table(test::run_not_reached(), accounting);
}

// France for node 0, a grid by the hour for node 1.
Accounting in_two_places()
{
    auto accounting = test::accounting();
    accounting.node_places = {
        accounting.countries[1],
        hourly_grid({{"CAL", HourlySeries{*text::parse_utc("2024-05-01T06:00:00Z"),
                                          {GramsPerKilowattHour{300}, GramsPerKilowattHour{600}}}},
                     "lifecycle",
                     "eia"})};
    return accounting;
}

std::string child(const std::string& manifest, const std::string& name)
{
    const auto begin = manifest.find("\"" + name + "\":\n");
    REQUIRE(begin != std::string::npos);
    const auto inputs = manifest.find("inputs:\n", begin) + 7;
    return manifest.substr(inputs, manifest.find("\n        \"", inputs) - inputs);
}

}  // namespace

TEST_CASE("The manifest has the figures of each cell, and how grams are made of them")
{
    // 3600 J are 0.001 kWh; of the federated training, 180 J of the devices and 180 J of the network.
    CHECK(render(table(), Format::impact_framework) == R"golden(name: "sample"
description: "gCO2e to train sample to 90.0 % test accuracy. Stop rule: the first evaluation at or above 90.0 % ends a training. fl, round: not reached (best 87.1 %); spent so far: USA 0.040 g (0.031-0.073). Grid: USA 400 g/kWh (2024, lifecycle, ember-2026). Network: router, 7.5 W over 20 Mbit/s down and 10 up."
aggregation:
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
    "USA":
      children:
        "gpu, PUE 1.5":
          inputs:
            - timestamp: "2024-01-01T00:00:00Z"
              duration: 10
              device/energy: 0.001
              pue: 1.5
              network/energy: 0
              grid/carbon-intensity: 400
        "fl, round: not reached, spent so far":
          inputs:
            - timestamp: "2024-01-01T00:00:00Z"
              duration: 17
              device/energy: 5.0e-05
              pue: 1
              network/energy: 5.0e-05
              grid/carbon-intensity: 400
)golden");
}

TEST_CASE("The manifest is the same whatever the host and the time")
{
    Footnotes notes;
    notes.host = {{"central", 12.34, 6.5}};
    notes.ended = text::parse_utc("2024-05-01T06:00:00Z");
    CHECK(render(table(), Format::impact_framework, notes) == render(table(), Format::impact_framework));
}

TEST_CASE("Each place, and each hour of a grid by the hour, is a time step")
{
    auto run = test::run();
    // Node 1 trains for 5000 s, and its transfers take 12.
    for (auto& work : run.trainings[1].work.works) work.flops *= 1000;
    const auto steps = child(render(build_table(run, in_two_places()), Format::impact_framework), "fl, round");
    INFO(steps);
    const auto at = [](const std::string& begin, const std::string& seconds) {
        return "timestamp: \"" + begin + "\"\n              duration: " + seconds + "\n";
    };
    CHECK_THAT(steps, Contains(at("2024-01-01T00:00:00Z", "5012")) && Contains("grid/carbon-intensity: 40\n"));
    CHECK_THAT(steps, Contains(at("2024-05-01T06:00:00Z", "3600")) && Contains("grid/carbon-intensity: 300\n"));
    CHECK_THAT(steps, Contains(at("2024-05-01T07:00:00Z", "1412")) && Contains("grid/carbon-intensity: 600"));
}

TEST_CASE("Every child has as many time steps as the longest, the last ones without energy")
{
    const auto manifest = render(build_table(test::run(), in_two_places()), Format::impact_framework);
    CHECK(child(manifest, "gpu, PUE 1.5") == R"(
            - timestamp: "2024-01-01T00:00:00Z"
              duration: 10
              device/energy: 0.001
              pue: 1.5
              network/energy: 0
              grid/carbon-intensity: 400
            - timestamp: "2024-01-01T00:00:00Z"
              duration: 0
              device/energy: 0
              pue: 1.5
              network/energy: 0
              grid/carbon-intensity: 400)");
}

TEST_CASE("What YAML would read as its own sign is quoted")
{
    auto run = test::run();
    run.name = "a: #b";
    run.trainings[1].outcome.label = "c\"d\\";
    const auto manifest = render(build_table(run, test::accounting()), Format::impact_framework);
    CHECK_THAT(manifest, Catch::StartsWith("name: \"a: #b\"\n"));
    CHECK_THAT(manifest, Contains("        \"c\\\"d\\\\, round\":\n"));
}
