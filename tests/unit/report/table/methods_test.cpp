#include "common/report/table/methods.hpp"

#include <catch2/catch.hpp>

#include "common/report/table/table.hpp"
#include "tests/support/run_with_methods.hpp"

using namespace fedgram;
using namespace fedgram::report;
using carbon::test::run_with_methods;

namespace {

Table table_of(const run::RunRecord& run) { return build_table(run, run.accounting); }

/// Of the training that isn't plain, the last one.
std::optional<AgainstFedAvg> against(const run::RunRecord& run)
{
    return table_of(run).methods.rows.back().against_fedavg;
}

double grams(const Table& table, std::size_t column) { return table.cell(0, column).emissions.operational().count(); }

}  // namespace

TEST_CASE("A run whose federated trainings are all plain FedAvg has no methods")
{
    CHECK(table_of(carbon::test::run()).methods.rows.empty());
}

TEST_CASE("Each update's bytes are means, and a method's Work is a part of what the nodes did")
{
    const auto table = table_of(run_with_methods());
    const auto& methods = table.methods;
    CHECK(methods.parameters == 2'500'000);
    REQUIRE(methods.rows.size() == 2);
    const auto& plain = methods.rows[0];
    CHECK(table.columns[plain.column].heading == "fl, round");
    CHECK(plain.updates == 2);
    CHECK(plain.bytes_up() == 10e6);
    CHECK(plain.bytes_down() == 10e6);
    CHECK(plain.methods.empty());
    const auto& corrected = methods.rows[1];
    CHECK(corrected.bytes_up() == 10e6);
    CHECK(corrected.bytes_down() == 20e6);
    CHECK(corrected.rounds == 1);
    // 20 million of 8.02e9 FLOPs, and 160 of 200 million bytes.
    CHECK(corrected.flops_share(corrected.methods[0]) == Approx(0.02 / 8.02));
    CHECK(corrected.memory_share(corrected.methods[0]) == Approx(0.8));
    CHECK(methods.find(corrected.column) == &corrected);
    CHECK(methods.find(0) == nullptr);
}

TEST_CASE("Updates of asynchronous training are as many as were counted, however many rows the ledger has")
{
    auto run = run_with_methods();
    run.trainings[2].buffered_updates = 4;
    const auto table = table_of(run);
    CHECK(table.methods.rows[1].bytes_up() == 5e6);
}

TEST_CASE("The yardstick is the one plain training that is set up alike, and is 1 by itself")
{
    auto run = run_with_methods();
    const auto table = table_of(run);
    const auto& yardstick = table.methods.rows[0];
    REQUIRE(yardstick.against_fedavg);
    CHECK(yardstick.against_fedavg->column == yardstick.column);
    CHECK(yardstick.against_fedavg->ratio.likely == 1);
    const auto found = against(run);
    REQUIRE(found);
    CHECK(found->column == yardstick.column);
    CHECK(found->ratio.likely ==
          Approx(grams(table, table.methods.rows[1].column) / grams(table, yardstick.column)).epsilon(1e-12));
    CHECK(found->ratio.low <= found->ratio.likely);
    CHECK(found->ratio.high >= found->ratio.likely);
    CHECK(found->ratio.likely > 1);

    run.trainings[2].beside_methods = "other nodes";
    CHECK_FALSE(against(run));
    run.trainings[2].beside_methods = "two nodes";
    run.trainings[1].is_plain_fedavg = false;
    CHECK_FALSE(against(run));
    run.trainings[1].is_plain_fedavg = true;
    auto twin = run.trainings[1];
    twin.outcome.label = "twin";
    run.trainings.insert(run.trainings.begin() + 1, twin);
    CHECK_FALSE(against(run));
}

TEST_CASE("There is no ratio where one of both missed its target")
{
    for (const std::size_t training : {1, 2}) {
        auto run = run_with_methods();
        run.trainings[training].outcome.reached_target = false;
        CHECK_FALSE(against(run));
    }
    auto run = run_with_methods();
    run.trainings[1].outcome.diverged = true;
    CHECK_FALSE(table_of(run).methods.rows[0].against_fedavg);
}

TEST_CASE("A training that was stopped ahead of its first update has no bytes of one")
{
    auto run = run_with_methods();
    run.trainings[2].work = {};
    run.trainings[2].outcome.interrupted = true;
    const auto table = table_of(run);
    const auto& row = table.methods.rows[1];
    CHECK_FALSE(row.bytes_up());
    CHECK(row.flops_share(row.methods[0]) == 0);
}
