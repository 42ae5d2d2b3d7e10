#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/report/table/published.hpp"
#include "common/run/ledger.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/run/run_record.hpp"
#include "tests/support/sample_work.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

// A run of two trainings, small enough to work out by hand.
namespace fedgram::carbon::test {

using energy::test::gpu;

inline Accounting accounting()
{
    Accounting assumptions;
    assumptions.countries = {{"USA", "United States", GramsPerKilowattHour{400}, 2024, "lifecycle", "ember-2026"},
                             {"FRA", "France", GramsPerKilowattHour{40}, 2024, "lifecycle", "ember-2026"}};
    assumptions.pue = {Pue{1.5}, Pue{1}};
    assumptions.datacenter_devices = {gpu()};
    assumptions.edge_device = energy::test::round_figures();
    assumptions.link = energy::test::home_line;
    return assumptions;
}

inline std::vector<run::LedgerLine> centralized_lines()
{
    std::vector<run::LedgerLine> lines;
    for (const auto& work : energy::test::centralized_phases())
        lines.push_back(run::phase_line("central", work, gpu()));
    return lines;
}

/// `rounds` rounds of energy::test::two_nodes. By the router method the network takes 7.5 W x 24 s = 180 J a round.
inline std::vector<run::LedgerLine> federated_lines(std::uint32_t rounds = 1)
{
    const auto edge = energy::test::round_figures();
    std::vector<run::LedgerLine> lines;
    for (const auto& [round, nodes] : energy::test::federated_rounds(rounds)) {
        const auto priced = energy::price(nodes, edge, energy::test::home_line);
        std::ranges::move(fedgram::run::round_lines({"fl", round, nodes, priced, edge}), std::back_inserter(lines));
    }
    return lines;
}

inline energy::TrainingWork work_of(const std::vector<run::LedgerLine>& lines)
{
    return energy::training_work(std::vector<energy::PhaseWork>(lines.begin(), lines.end()));
}

inline fedgram::run::RunRecord run()
{
    fedgram::run::RunRecord record;
    record.name = "sample";
    record.seed = 7;
    record.model = "small-cnn";
    record.dataset = "fashion-mnist";
    record.target = 0.9;
    record.accounting = accounting();
    record.raw_data_bytes = 1'000'000;
    record.trainings.resize(2);
    record.trainings[0].outcome = {"central", fedgram::run::TrainingKind::centralized, true, 0.905, 0.905, 4};
    record.trainings[0].work = work_of(centralized_lines());
    record.trainings[1].outcome = {"fl", fedgram::run::TrainingKind::federated, true, 0.901, 0.902, 1};
    record.trainings[1].work = work_of(federated_lines());
    return record;
}

/// The same with a federated training that did not get there.
inline fedgram::run::RunRecord run_not_reached()
{
    auto record = run();
    record.trainings[1].outcome.reached_target = false;
    record.trainings[1].outcome.test_accuracy = 0.86;
    record.trainings[1].outcome.best_test_accuracy = 0.8714;
    return record;
}

/// 500 and 50 g/kWh; 1.0 g at PUE 1.5 and one decimal for the federated one.
inline report::PublishedTable published()
{
    report::PublishedTable table;
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
