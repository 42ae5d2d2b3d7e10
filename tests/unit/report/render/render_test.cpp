#include "common/report/render/render.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

// One country and one PUE; a federated training that missed its target.
Table table()
{
    auto accounting = test::accounting();
    accounting.countries.pop_back();
    accounting.pue.pop_back();
    return build_table(test::run_not_reached(), accounting, test::published());
}

Footnotes notes() { return {{{"central", 12.34, 6.5}, {"fl", 100, 51}}, 2, Joules{1500}}; }

}  // namespace

TEST_CASE("What meters read of the host stands beneath the text table, with its gaps, and nowhere else")
{
    auto footnotes = notes();
    footnotes.host[0].meters = {
        {"coordinator", "RAPL package", "chip", "counter", Joules{812.3}, {}, {}, {{Seconds{2}, "went away"}}, {}},
        {"nodes", "CPU estimate", "chip", "estimated", Joules{70}, Joules{40}, Joules{120}, {}, {}}};
    footnotes.host[1].meters = {{"coordinator", "GPU 0", "board", "counter", {}, {}, {}, {}, {}}};
    const auto text = render_text(table(), footnotes);
    const auto host = text.substr(text.find("This machine"));
    INFO(host);
    CHECK_THAT(host, Catch::Contains("at least 812"));
    CHECK_THAT(host, Catch::Contains("70.0 (40.0 to 120)"));
    CHECK_THAT(host, Catch::Contains("missing"));
    CHECK_THAT(host, Catch::Contains("central, RAPL package: nothing for 2.00 s: went away"));
    CHECK_THAT(host, !Catch::Contains("not metered"));
    CHECK(render(table(), Format::json, footnotes).find("RAPL") == std::string::npos);
}

TEST_CASE("Refused updates stand beneath the text table, by training and reason, where there are any")
{
    auto footnotes = notes();
    CHECK_THAT(render_text(table(), footnotes), !Catch::Contains("refused"));
    footnotes.zero_grids = {"CAF counts as 0 g/kWh: 0 as published"};
    CHECK_THAT(render_text(table(), footnotes), Catch::Contains("\nCAF counts as 0 g/kWh: 0 as published.\n"));
    CHECK_THAT(render_markdown(table(), footnotes), Catch::Contains(" CAF counts as 0 g/kWh: 0 as published."));
    footnotes.refused = {{"fl", {{"not_finite", 2}, {"repeated", 1}}}, {"other", {{"wrong_round", 3}}}};
    CHECK_THAT(render_text(table(), footnotes),
               Catch::Contains("\nUpdates refused, in no model: fl 2 not_finite, 1 repeated; other 3 wrong_round.\n"));
}

TEST_CASE("Nodes that lost what they had to keep stand beneath the text table, as ranges")
{
    auto footnotes = notes();
    CHECK_THAT(render_text(table(), footnotes), !Catch::Contains("State lost"));
    footnotes.restarted = {{"fl", {0, 1, 2, 4, 7, 8}}, {"other", {3}}};
    CHECK_THAT(
        render_text(table(), footnotes),
        Catch::Contains("\nState lost: in fl what the nodes 0-2, 4, 7-8 had left to send; an undisturbed run may "
                        "end otherwise.\n\nState lost: in other what node 3 had left to send; an"));
}

TEST_CASE("The text table shows all that leads to it, and the host's share beneath")
{
    CHECK(render(table(), Format::text, notes()) ==
          R"golden(gCO2e to train sample to 90.0 % test accuracy
Stop rule: the first evaluation at or above 90.0 % ends a training.

                  gpu,          fl,
gCO2e          PUE 1.5        round
United States    0.600  not reached
fl, round: not reached (best 87.1 %); spent so far: USA 0.040 g (0.031-0.073)

Beside the published table: A paper
                         gpu,    fl,
                      PUE 1.5  round
USA published             1.0    0.1
    ours / published    0.600      -
      grid part         0.800      -
      energy part       0.750      -
Ratio = grid part x energy part. The grid part is our intensity over the one that the published cells imply,
the same in every column. The energy part is our energy (with PUE and network) over the implied one: the
device profiles' watts, rates and launches, and the samples that the trainings needed, drive it. It is
the larger part in 1 of 1 cells.

The published table recomputed from the energies and intensities that its own cells imply
                         gpu,
gCO2e recomputed      PUE 1.5     fl
USA                       1.0    0.1
FRA                       0.1    0.0
implied energy in kJ     7.20  0.720
Each legible cell agrees within 0.1 g.

Grid, gCO2e/kWh  ours  year      basis      source  implied by the published cells
United States     400  2024  lifecycle  ember-2026                             500
Implied: chosen for the test

                      gpu,      fl,
energy in kJ       PUE 1.5    round
train                 3.60   0.0800
download                 0   0.0320
upload                   0   0.0640
idle                     0  0.00400
devices with PUE      5.40    0.180
network                  0    0.180
sum                   5.40    0.360
virtual time in s     10.0     17.0

Bands: all figures at once at the ends of their own. They are bounds, not confidence intervals. What moves a cell in USA most:
fl, round: router_w 4.20 to 20.0 (0.0312 to 0.0733 g)

Network: router, 7.5 W over 20 Mbit/s down and 10 up; no PUE. By the other method (0.03 kWh/GB) the network's grams in USA would be: fl, round 0.0200 -> 0.480.
Embodied share unknown, since the profile has no figure for it: gpu, PUE 1.5; fl, round.

Devices; all joules are modelled by profiles, in eager execution. Their figures are:
gpu (A GPU, board): 12 assumed; unvalidated: held against no measurement beyond its own fit
round (Round figures, module): 12 assumed; unvalidated: held against no measurement beyond its own fit
Boundaries differ: gpu without the rest of the machine around it, round as a module. What lies outside, such as a GPU's server, is in no cell.

Training       target  accuracy    best  rounds  evaluate+aggregate kJ   g USA
central       reached    90.5 %  90.5 %       4                  0.540  0.0600
fl        not reached    86.0 %  87.1 %       1                      0       0
Evaluation and aggregation are on gpu at PUE 1.5, in no column above. Rounds of a centralized training are its evaluations.

Lost to faults, in no column: 1.50 kJ in 2 ledger lines.

This machine, which simulated (in no column): central 12.3 CPU s in 6.50 s; fl 100 CPU s in 51.0 s.
Its own energy was not metered; fedgram doctor shows which meters of a machine work, and run --core-w estimates the nodes' share without one.
)golden");
}

TEST_CASE("A cell's band stands beneath it in every format for people, and which columns it doesn't tell apart")
{
    auto accounting = test::accounting();
    accounting.countries.pop_back();
    accounting.pue.pop_back();
    accounting.edge_device.full_w.high = 1000;  // up to 8000 + 100 + 480 J, beyond the GPU's 5400
    const auto table = build_table(test::run(), accounting);
    CHECK_THAT(
        render(table, Format::text),
        Catch::Contains("United States    0.600       0.040\n"
                        "  low-high              0.031-0.95\n") &&
            Catch::Contains(std::string{alike_heading} + ":\n  gpu, PUE 1.5 and fl, round (15 times, 0.63-19)\n"));
    CHECK_THAT(render(table, Format::markdown),
               Catch::Contains("| United States | 0.600 | 0.040 |\n| low-high |  | 0.031-0.95 |\n") &&
                   Catch::Contains("contains 1: gpu, PUE 1.5 and fl, round (15 times, 0.63-19).\n"));
    CHECK_THAT(render(table, Format::latex),
               Catch::Contains("United States & 0.600 & 0.040 \\\\\n    \\quad low--high &  & 0.031--0.95 \\\\\n"));
    CHECK_THAT(render(table, Format::csv),
               Catch::Contains(",\"fl, round\"\n") && Catch::Contains(",\"gpu, PUE 1.5\"\n"));
    const auto json = nlohmann::json::parse(render(table, Format::json));
    CHECK(json["cells"][1]["not_told_apart_from"] == std::vector<std::string>{"gpu, PUE 1.5"});
    CHECK(json["energy_ratios"][0]["over"] == "fl, round");
    CHECK(json["energy_ratios"][0]["ratio"].get<double>() == Approx(15));
    CHECK_THAT(
        render(table, Format::impact_framework),
        Catch::Contains("        # 0.040 g, by the bands of the figures 0.031-0.95 g\n        \"fl, round\":\n"));
}

TEST_CASE("A training that was told to stop has no number, and unknown accuracies where it never was evaluated")
{
    auto run = test::run();
    auto& outcome = run.trainings[1].outcome;
    outcome.interrupted = true;
    outcome.rounds = 0;
    outcome.reached_target = std::nullopt;
    outcome.test_accuracy = outcome.best_test_accuracy = std::nan("");
    const auto table = build_table(run, run.accounting);
    CHECK_THAT(render(table, Format::text),
               Catch::Contains("interrupted\n") &&
                   Catch::Contains("fl, round: interrupted after 0 rounds (best unknown); spent so far: USA "));
    CHECK_THAT(render(table, Format::markdown), Catch::Contains("| interrupted |"));
    const auto json = nlohmann::json::parse(render(table, Format::json));
    CHECK(json["cells"][2]["gco2e"].is_null());
    CHECK(json["cells"][2]["interrupted"] == true);
    CHECK(json["cells"][2]["best_test_accuracy"].is_null());
    CHECK_THAT(render(table, Format::csv), !Catch::Contains("nan"));
}

TEST_CASE("The Markdown table")
{
    CHECK(render(table(), Format::markdown) == R"golden(**gCO2e to train sample to 90.0 % test accuracy**

| gCO2e | gpu, PUE 1.5 | fl, round |
|---|---:|---:|
| United States | 0.600 | not reached |
| published | 1.0 | 0.1 |
| ours / published | 0.600 | - |

Stop rule: the first evaluation at or above 90.0 % ends a training.

fl, round: not reached (best 87.1 %); spent so far: USA 0.040 g (0.031-0.073).

Grid: USA 400 g/kWh (2024, lifecycle, ember-2026). Network: router, 7.5 W over 20 Mbit/s down and 10 up. Devices: modelled, eager execution. Published: A paper.
)golden");
}

TEST_CASE("The CSV table has a line for each cell")
{
    CHECK(
        render(table(), Format::csv) ==
        R"golden(country,training,device,pue,column,reached_target,scope2_gco2e,network_gco2e,gco2e,embodied_gco2e,total_gco2e,published_gco2e,spent_gco2e,best_test_accuracy,low_gco2e,high_gco2e,not_told_apart_from
USA,central,gpu,1.5,"gpu, PUE 1.5",true,0.6,0,0.6,,,1,,0.905,0.6,0.6,
USA,fl,round,,"fl, round",false,,,,,,0.1,0.04,0.8714,,,
)golden");
}

TEST_CASE("CodeCarbon's columns hold kg, kWh and seconds; what isn't known is empty")
{
    // 3600 J x PUE 1.5 = 5400 J = 0.0015 kWh, at 400 g/kWh 0.6 g, over 10 s.
    CHECK(render(table(), Format::codecarbon) ==
          "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,"
          "cpu_energy,gpu_energy,ram_energy,energy_consumed,water_consumed,country_name,country_iso_code,region,"
          "cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,"
          "longitude,latitude,ram_total_size,tracking_mode,cpu_utilization_percent,gpu_utilization_percent,"
          "ram_utilization_percent,ram_used_gb,on_cloud,pue,wue\n"
          ",sample,\"gpu, PUE 1.5\",central,10,6e-04,5.9999999999999995e-05,,,,,0.0015,,0.0015,,United "
          "States,USA,,,,,,,,,,A GPU,,,,"
          "fedgram: modelled,,,,,,1.5,\n"
          ",sample,\"fl, round\",fl,17,4e-05,2.3529411764705885e-06,,,,,,,1e-04,,United States,USA,,,,,,,,,,,,,,"
          "fedgram: modelled,,,,,,1,\n");
}

TEST_CASE("CodeCarbon's time is when the run ended, in UTC and without a zone, in every row")
{
    auto ended = notes();
    ended.ended = text::parse_utc("2024-05-01T06:07:08Z");
    const auto csv = render(table(), Format::codecarbon, ended);
    CHECK_THAT(csv, Catch::Contains("\n2024-05-01T06:07:08,sample,\"gpu, PUE 1.5\",") &&
                        Catch::Contains("\n2024-05-01T06:07:08,sample,\"fl, round\","));
    for (const auto format : {Format::text, Format::markdown, Format::csv, Format::json, Format::latex})
        CHECK(render(table(), format, ended) == render(table(), format, notes()));
}

TEST_CASE("The JSON table has unrounded cells, the energy behind them and the assumptions")
{
    auto json = nlohmann::ordered_json::parse(render(table(), Format::json));
    CHECK(json["accounting"] == to_json(table().accounting));
    json.erase("accounting");
    CHECK(json.dump(2) == R"golden({
  "name": "sample",
  "title": "gCO2e to train sample to 90.0 % test accuracy",
  "title_note": "",
  "target_accuracy": 0.9,
  "stop_rule": "the first evaluation at or above 90.0 % ends a training",
  "node_places": [],
  "cells": [
    {
      "country": "USA",
      "training": "central",
      "device": "gpu",
      "pue": 1.5,
      "site": null,
      "column": "gpu, PUE 1.5",
      "reached_target": true,
      "scope2_gco2e": 0.6,
      "network_gco2e": 0.0,
      "gco2e": 0.6,
      "gco2e_per_kwh": 400.0,
      "low_gco2e": 0.6,
      "high_gco2e": 0.6,
      "not_told_apart_from": [],
      "embodied_gco2e": null,
      "total_gco2e": null,
      "published": 1.0
    },
    {
      "country": "USA",
      "training": "fl",
      "device": "round",
      "pue": null,
      "site": null,
      "column": "fl, round",
      "reached_target": false,
      "scope2_gco2e": null,
      "network_gco2e": null,
      "gco2e": null,
      "gco2e_per_kwh": 400.0,
      "low_gco2e": null,
      "high_gco2e": null,
      "not_told_apart_from": [],
      "embodied_gco2e": null,
      "total_gco2e": null,
      "published": 0.1,
      "spent_gco2e": 0.04,
      "spent_low_gco2e": 0.0312,
      "spent_high_gco2e": 0.07333333333333333,
      "best_test_accuracy": 0.8714
    }
  ],
  "columns": [
    {
      "column": "gpu, PUE 1.5",
      "training": "central",
      "device": "gpu",
      "pue": 1.5,
      "train_joules": 3600.0,
      "download_joules": 0.0,
      "upload_joules": 0.0,
      "idle_joules": 0.0,
      "device_joules": 5400.0,
      "network_joules": 0.0,
      "network_joules_by_the_other_method": 0.0,
      "low_joules": 5400.0,
      "high_joules": 5400.0,
      "influences": [],
      "device_seconds": 10.0,
      "virtual_seconds": 10.0,
      "bytes_down": 0,
      "bytes_up": 0
    },
    {
      "column": "fl, round",
      "training": "fl",
      "device": "round",
      "pue": null,
      "train_joules": 80.0,
      "download_joules": 32.0,
      "upload_joules": 64.0,
      "idle_joules": 4.0,
      "device_joules": 180.0,
      "network_joules": 180.0,
      "network_joules_by_the_other_method": 4320.0,
      "low_joules": 280.8,
      "high_joules": 660.0,
      "influences": [
        {
          "figure": "router_w of the network",
          "from": 4.2,
          "to": 20.0,
          "joules_at_from": 280.8,
          "joules_at_to": 660.0
        }
      ],
      "device_seconds": 34.0,
      "virtual_seconds": 17.0,
      "bytes_down": 20000000,
      "bytes_up": 20000000
    }
  ],
  "energy_ratios": [],
  "trainings": [
    {
      "label": "central",
      "kind": "centralized",
      "reached_target": true,
      "test_accuracy": 0.905,
      "best_test_accuracy": 0.905,
      "rounds": 4,
      "evaluation_and_aggregation": {
        "device": "gpu",
        "pue": 1.5,
        "joules": 540.0,
        "gco2e": {
          "USA": 0.06
        }
      }
    },
    {
      "label": "fl",
      "kind": "federated",
      "reached_target": false,
      "test_accuracy": 0.86,
      "best_test_accuracy": 0.8714,
      "rounds": 1,
      "evaluation_and_aggregation": {
        "device": "gpu",
        "pue": 1.5,
        "joules": 0.0,
        "gco2e": {
          "USA": 0.0
        }
      }
    }
  ]
})golden");
}

TEST_CASE("The LaTeX table uses booktabs")
{
    CHECK(render(table(), Format::latex) == R"golden(% needs \usepackage{booktabs}
\begin{table}
  \centering
  \caption{gCO2e to train sample to 90.0 \% test accuracy. Stop rule: the first evaluation at or above 90.0 \% ends a training. Grid: USA 400 g/kWh (2024, lifecycle, ember-2026). Network: router, 7.5 W over 20 Mbit/s down and 10 up. Devices: modelled, eager execution. fl, round: not reached (best 87.1 \%); spent so far: USA 0.040 g (0.031-0.073).}
  \begin{tabular}{lrr}
    \toprule
    gCO2e & gpu, PUE 1.5 & fl, round \\
    \midrule
    United States & 0.600 & not reached \\
    \bottomrule
  \end{tabular}
\end{table}
)golden");
}

TEST_CASE("What a format would read as its own sign is escaped")
{
    auto run = test::run();
    run.name = "50%_a|b";
    run.trainings[1].outcome.label = "a|b, \"c\"";
    const auto odd = build_table(run, test::accounting());
    CHECK(render(odd, Format::latex).find("train 50\\%\\_a|b to") != std::string::npos);
    CHECK(render(odd, Format::markdown).find("| a\\|b, \"c\", round |") != std::string::npos);
    CHECK(render(odd, Format::csv).find("\"a|b, \"\"c\"\"\",round") != std::string::npos);
}

TEST_CASE("The host's figures are in the text alone")
{
    for (const auto format : {Format::markdown, Format::csv, Format::json, Format::latex})
        CHECK(render(table(), format, notes()) == render(table(), format));
    CHECK(render_text(table()).find("CPU s") == std::string::npos);
}

TEST_CASE("A format is known by its word")
{
    CHECK(parse_format("text") == Format::text);
    CHECK(parse_format("md") == Format::markdown);
    CHECK(parse_format("csv") == Format::csv);
    CHECK(parse_format("json") == Format::json);
    CHECK(parse_format("latex") == Format::latex);
    CHECK(parse_format("codecarbon") == Format::codecarbon);
    CHECK(parse_format("impact-framework") == Format::impact_framework);
    CHECK_THROWS_WITH(
        parse_format("xml"),
        "format: \"xml\" is not valid; use one of text, md, csv, json, latex, codecarbon, impact-framework");
}
