#include "common/report/page/page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/report/page/page_data.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;

namespace {

struct Sample {
    run::RunRecord run = carbon::test::run();
    Table table = build_table(run, run.accounting, carbon::test::published());
    run::RunSummary summary{};
    std::vector<run::RoundLine> rounds{
        {"fl", 1, run::RoundEvaluation{0.5, 1}, 1, 2, Seconds{10},
         run::RoundCosts{Joules{4}, Joules{1}, GramsCO2e{2}, "USA"}},
        {"fl", 2, std::nullopt, 1, 2, Seconds{5}, run::RoundCosts{Joules{3}, Joules{2}, std::nullopt, "USA"}}};
    std::vector<energy::DeviceProfile> devices{energy::test::gpu(), energy::test::round_figures()};
    std::vector<PageSource> sources{{"ember-2026", "Ember"}};
    std::map<std::string, Holdings> holdings{{"fl", {{"cat", "dog"}, {"0", "1"}, {{3, 0}, {1, 2}}, 7}}};
    std::string version = "1.2.3";
    std::optional<PageLife> life{};

    [[nodiscard]] nlohmann::ordered_json data() const
    {
        return page_data(
            {table, run, summary, rounds, devices, run.accounting.countries, sources, holdings, version, life});
    }
};

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("The page's data has the table's own cells, sums over rounds, and what re-pricing needs")
{
    const auto data = Sample{}.data();
    CHECK(data["table"]["cells"][2]["gco2e"].get<double>() == Approx(0.04));
    CHECK(data["published"]["cells"][0]["ratio"].get<double>() == Approx(0.6));
    CHECK(data["chains"].contains("USA|fl, round"));

    const auto& fl = data["trainings"][1];
    CHECK(fl["participants"] == std::vector<int>{2, 2});
    CHECK(fl["rounds"]["virtual_seconds"] == std::vector<double>{10, 15});
    CHECK(fl["rounds"]["joules"] == std::vector<double>{5, 10});
    CHECK(fl["rounds"]["gco2e"][0] == 2.0);
    CHECK(fl["rounds"]["gco2e"][1].is_null());  // unknown from then on
    CHECK(fl["rounds"]["test_accuracy"][1].is_null());
    CHECK(fl["holdings"]["left_out"] == 7);
    CHECK(data["trainings"][0]["holdings"].is_null());

    // Two nodes: 80 J of training, 96 J of transfers, 4 J of waiting; 8 s, 24 s and 2 s; router 24 s at 7.5 W.
    REQUIRE(data["pricing"]["columns"].size() == 2);  // each training on the devices of its kind
    const auto& column = data["pricing"]["columns"][1];
    CHECK(column["device"] == "round");
    CHECK(column["train_joules"] == 80.0);
    CHECK(column["busy_seconds"] == 8.0);
    CHECK(column["transfer_seconds"] == 24.0);
    CHECK(column["waiting_seconds"] == 2.0);
    CHECK(column["network_joules"]["router"].get<double>() == Approx(180));
    CHECK(column["network_joules"]["kwh_per_gb"].get<double>() == Approx(4320));
    CHECK(column["least"]["network_joules"]["router"].get<double>() == Approx(24 * 4.2));
    CHECK(column["most"]["network_joules"]["kwh_per_gb"].get<double>() == Approx(8640));
    CHECK(column["least"]["device_joules"].get<double>() == Approx(180));
}

TEST_CASE("A page holds each of its parts once, and nothing in its data ends its script")
{
    Sample sample;
    sample.run.name = sample.table.name = "</script><script>alert(1)</script> @SCRIPT@";
    const auto html = page(sample.data());
    for (const auto* mark : {"@TITLE@", "@STYLE@", "@DATA@", "@CHARTS@"}) CHECK(count(html, mark) == 0);
    CHECK(count(html, "@SCRIPT@") > 0);  // only as the run's name
    CHECK(count(html, "<script>alert") == 0);
    CHECK(count(html, "\\u003c/script>\\u003cscript>alert(1)") > 0);
    CHECK(count(html, "<title>gCO2e to train &lt;/script&gt;") == 1);
    CHECK(count(html, "<script") == 3);
    CHECK(count(html, "Licensed to the Apache Software Foundation") + count(html, "Apache License") > 0);
}
