#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/report/table/published.hpp"
#include "common/run/run_record.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

// A run of two trainings, small enough to work out by hand.
namespace fedgram::carbon::test {

/// 360 W in training and 1 GFLOP/s, so that 1e10 FLOPs are 10 s and 3600 J: a thousandth of a kWh.
inline energy::DeviceProfile gpu()
{
    auto device = energy::test::round_figures();
    device.id = "gpu";
    device.name = "A GPU";
    device.boundary = "board";
    device.device_class = energy::DeviceClass::datacenter;
    device.train_w.value = 360;
    device.step_overhead_s.value = 0;
    return device;
}

inline Accounting accounting()
{
    Accounting assumptions;
    assumptions.countries = {{"USA", "United States", GramsPerKilowattHour{400}, 2024, "lifecycle", "ember-2026"},
                             {"FRA", "France", GramsPerKilowattHour{40}, 2024, "lifecycle", "ember-2026"}};
    assumptions.pue = {Pue{1.5}, Pue{1}};
    assumptions.datacenter_devices = {gpu()};
    assumptions.edge_device = energy::test::round_figures();
    assumptions.link = {20, 10};
    return assumptions;
}

/// 1e10 FLOPs of training, and 1e9 of evaluation.
inline std::vector<energy::LedgerLine> centralized_lines()
{
    energy::Work train;
    train.flops = 10'000'000'000;
    energy::Work evaluate;
    evaluate.flops = 1'000'000'000;
    return {energy::price_phase("central", 0, 1, energy::Phase::train, train, gpu()),
            energy::price_phase("central", std::nullopt, 1, energy::Phase::evaluate, evaluate, gpu())};
}

/// `rounds` rounds of two nodes, each 10 MB down (4 s) and up (8 s), trainings of 3 and 5 s. A round: 17 s;
/// download 2 x 16 J, train 30 + 50 J, upload 2 x 32 J, idle 4 J: 180 J. Router 7.5 W x 24 s = 180 J.
inline std::vector<energy::LedgerLine> federated_lines(std::uint32_t rounds = 1)
{
    std::vector<energy::NodeRound> nodes(2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        nodes[i].node = i;
        nodes[i].bytes_down = nodes[i].bytes_up = 10'000'000;
        nodes[i].train.flops = i == 0 ? 3'000'000'000 : 5'000'000'000;
    }
    std::vector<energy::LedgerLine> lines;
    for (std::uint32_t round = 1; round <= rounds; ++round) {
        const auto priced =
            energy::price_round("fl", round, nodes, energy::test::round_figures(), energy::Link{20, 10});
        lines.insert(lines.end(), priced.lines.begin(), priced.lines.end());
    }
    return lines;
}

inline std::vector<energy::PhaseWork> work_of(const std::vector<energy::LedgerLine>& lines)
{
    return {lines.begin(), lines.end()};
}

inline RunRecord run()
{
    RunRecord record;
    record.name = "sample";
    record.seed = 7;
    record.model = "small-cnn";
    record.dataset = "fashion-mnist";
    record.target = 0.9;
    record.accounting = accounting();
    record.raw_data_bytes = 1'000'000;
    record.trainings.resize(2);
    record.trainings[0].outcome = {"central", TrainingKind::centralized, true, 0.905, 0.905, 4};
    record.trainings[0].work = work_of(centralized_lines());
    record.trainings[1].outcome = {"fl", TrainingKind::federated, true, 0.901, 0.902, 1};
    record.trainings[1].work = work_of(federated_lines());
    return record;
}

/// The same with a federated training that did not get there.
inline RunRecord run_not_reached()
{
    auto record = run();
    record.trainings[1].outcome.reached_target = false;
    record.trainings[1].outcome.test_accuracy = 0.86;
    record.trainings[1].outcome.best_test_accuracy = 0.8714;
    return record;
}

/// 500 and 50 g/kWh; 1.0 g at PUE 1.5 and one decimal for the federated one.
inline PublishedTable published()
{
    PublishedTable table;
    table.id = "sample";
    table.title = "A sample";
    table.source = "A paper";
    table.grid_source = "chosen for the test";
    table.columns = {{"central", "gpu", 1.5}, {"fl", std::nullopt, std::nullopt}};
    table.rows = {{"USA", GramsPerKilowattHour{500}, {1.0, 0.1}},
                  {"FRA", GramsPerKilowattHour{50}, {0.1, std::nullopt}}};
    return table;
}

}  // namespace fedgram::carbon::test
