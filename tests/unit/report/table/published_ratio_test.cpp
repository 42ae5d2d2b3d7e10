#include "common/report/table/published_ratio.hpp"

#include <regex>
#include <string>

#include <catch2/catch.hpp>

#include "common/report/compare/compare.hpp"
#include "common/report/render/render.hpp"
#include "common/report/statement/report.hpp"
#include "common/report/table/ratio.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

// The first row's intensity and the one that its published cells imply, in g/kWh.
Table table(double ours, double implied)
{
    auto accounting = test::accounting();
    accounting.countries[0].intensity = GramsPerKilowattHour{ours};
    auto published = test::published();
    published.rows[0].implied_grid = GramsPerKilowattHour{implied};
    return build_table(test::run(), accounting, published);
}

PublishedRatio first(const Table& table)
{
    const auto parts = published_ratio(table, table.cell(0, 0));
    REQUIRE(parts.has_value());
    return *parts;
}

void check_no_inf_or_nan(const std::string& text)
{
    static const std::regex no_number{R"(\b(inf|nan)\b|\?)"};
    INFO(text);
    CHECK_FALSE(std::regex_search(text, no_number));
}

void check_all_formats(const Table& table)
{
    for (const auto format : {Format::text, Format::markdown, Format::csv, Format::json, Format::latex})
        check_no_inf_or_nan(render(table, format));
}

}  // namespace

TEST_CASE("A cell's ratio to the published one is its grid part times its energy part")
{
    // 0.6 g on 400 g/kWh; published 1.0 g on 500: 0.6 = 0.8 x 0.75.
    const auto parts = first(table(400, 500));
    CHECK(*parts.whole == Approx(0.6));
    CHECK(*parts.grid == Approx(0.8));
    CHECK(*parts.energy == Approx(0.75));
}

TEST_CASE("On a grid without emissions there is no energy part, in any format")
{
    const auto clean = table(0, 500);
    CHECK(first(clean).whole == 0.0);
    CHECK(first(clean).grid == 0.0);
    CHECK_FALSE(first(clean).energy.has_value());
    check_all_formats(clean);
    CHECK(std::regex_search(render(clean, Format::text), std::regex{"grid part +0 .*\n +energy part +- "}));
}

TEST_CASE("An implied intensity of zero gives no grid part, no energy part, and no energy to recompute from")
{
    const auto implied_clean = table(400, 0);
    CHECK(*first(implied_clean).whole == Approx(0.6));
    CHECK_FALSE(first(implied_clean).grid.has_value());
    CHECK_FALSE(first(implied_clean).energy.has_value());
    check_all_formats(implied_clean);
    // From the second row alone: 0.1 g within 0.05 on 50 g/kWh, 0.001 to 0.003 kWh; no cell at all in the other column.
    const auto recomputed = recompute(*implied_clean.published);
    CHECK(recomputed.energy[0].count() == Approx(0.002 * 3.6e6));
    CHECK(recomputed.energy[1] == Joules{});
    CHECK_FALSE(recomputed.rows[0][1].grams.has_value());
}

TEST_CASE("A published cell of zero grams has no ratio")
{
    auto zero = table(400, 500);
    zero.cells[0].published = 0;
    CHECK_FALSE(first(zero).whole.has_value());
    CHECK_FALSE(first(zero).energy.has_value());
    check_all_formats(zero);
}

TEST_CASE("Comparing with a run on a grid without emissions, and reporting it, gives no ratio")
{
    const auto text = compare(table(0, 500), table(400, 500));
    check_no_inf_or_nan(text);
    CHECK_THAT(text, Catch::Matchers::Contains("0 g -> 0.600 g, ratio -\n"));
    check_no_inf_or_nan(report::report(table(0, 500), test::run()));
    CHECK(ratio_text(ratio(1, 0)) == "-");
    CHECK(ratio_text(ratio(1, 4)) == "0.250");
}
