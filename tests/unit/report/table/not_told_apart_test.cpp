#include "common/report/table/not_told_apart.hpp"

#include <catch2/catch.hpp>

#include "common/report/render/render.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;

namespace {

// Of gpu at PUE 1.5 and 1, 5400 J and 3600 J without a band, and fl: 8 s at full_w, 100 J of all else, and the network,
// 180 J (100.8 to 480).
carbon::Accounting assumptions(double most_full_w)
{
    auto accounting = carbon::test::accounting();
    accounting.edge_device.full_w.high = most_full_w;
    return accounting;
}

}  // namespace

TEST_CASE("Columns whose bands keep them apart are told apart, as are equal devices at unequal PUEs")
{
    const auto table = build_table(carbon::test::run(), assumptions(100));  // up to 800 + 100 + 480 J
    REQUIRE(table.pairs.size() == 3);
    CHECK(table.pairs[0].ratio.low == Approx(1.5));
    CHECK(table.pairs[0].ratio.high == Approx(1.5));
    CHECK(not_told_apart(table, 0).empty());
    CHECK(alike_notes(table).empty());
}

TEST_CASE("A column whose band reaches another one's cell isn't told apart from it, in each country alike")
{
    const auto table = build_table(carbon::test::run(), assumptions(400));  // up to 3200 + 100 + 480 J
    const auto alike = not_told_apart(table, 1);
    REQUIRE(alike.size() == 1);
    CHECK(table.columns[alike[0].first].heading == "gpu, PUE 1");
    CHECK(table.columns[alike[0].second].heading == "fl, round");
    CHECK(alike[0].ratio.likely == Approx(10));
    CHECK(alike[0].ratio.low == Approx(3600.0 / 3780));
    CHECK(alike[0].ratio.high == Approx(3600.0 / 280.8));
    CHECK(alike_notes(table) == std::vector<std::string>{"gpu, PUE 1 and fl, round (10 times, 0.95-13)"});
    CHECK(alike_columns(table, table.cell(0, 2)) == std::vector<std::string>{"gpu, PUE 1"});
    CHECK(alike_columns(table, table.cell(0, 0)).empty());
}

TEST_CASE("Where the nodes are decides in which rows a column is told apart")
{
    auto accounting = assumptions(400);
    accounting.node_places = {accounting.countries[1]};  // France, a tenth of the USA's intensity
    const auto table = build_table(carbon::test::run(), accounting);
    CHECK(not_told_apart(table, 0).empty());
    CHECK(not_told_apart(table, 1).size() == 1);
    CHECK(alike_notes(table) == std::vector<std::string>{"In France: gpu, PUE 1 and fl, round (10 times, 0.95-13)"});
}

TEST_CASE("What missed its target is compared with nothing, and cells of 0 g have no ratio")
{
    CHECK(build_table(carbon::test::run_not_reached(), assumptions(400)).pairs.size() == 1);
    auto accounting = assumptions(10);
    accounting.countries[0].intensity = {};
    const auto table = build_table(carbon::test::run(), accounting);
    CHECK(not_told_apart(table, 0).empty());
    CHECK(not_told_apart(table, 1).empty());
}
