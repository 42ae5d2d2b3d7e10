#include <cmath>

#include <catch2/catch.hpp>

#include "common/report/table/published.hpp"
#include "experiments/lookup/record_lookup.hpp"

using namespace fedgram;

// One energy per column and one intensity per country, fitted to the published digits, give the table back: rounded to
// one decimal and compared in tenths, each legible cell within one tenth of a gram.
TEST_CASE("The published Table 4, recomputed from its own cells, agrees in tenths of a gram", "[conformance]")
{
    const auto published = experiments::published_table("table4");
    const auto recomputed = report::recompute(published);
    int legible = 0;
    for (std::size_t i = 0; i < published.rows.size(); ++i)
        for (std::size_t j = 0; j < published.columns.size(); ++j) {
            const auto& cell = published.rows[i].cells[j];
            if (!cell) continue;
            ++legible;
            INFO(published.rows[i].country << ", column " << j);
            const auto ours = recomputed.rows[i][j].grams;
            REQUIRE(ours.has_value());
            CHECK(std::abs(std::lround(*ours * 10) - std::lround(*cell * 10)) <= 1);
            CHECK_FALSE(recomputed.rows[i][j].off);
        }
    CHECK(legible == 17);  // of 18: USA on a K80 at PUE 1.67 can't be read
}

TEST_CASE("A column's implied energy at PUE 1.67 is 1.67 / 1.11 times that at 1.11, as far as the digits tell",
          "[conformance]")
{
    const auto recomputed = report::recompute(experiments::published_table("table4"));
    // Columns: V100 and K80 at 1.67, then at 1.11. The digits allow a few per cent.
    for (const std::size_t device : {0U, 1U})
        CHECK(recomputed.energy[device].count() / recomputed.energy[device + 2].count() ==
              Approx(1.67 / 1.11).epsilon(0.05));
}
