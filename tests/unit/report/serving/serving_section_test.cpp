#include "common/report/serving/serving_section.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/written_analysis.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

std::vector<run::Analysis> analyses_with(const nlohmann::ordered_json& document)
{
    const fedgram::test::TemporaryFolder run;
    fedgram::test::write_analysis(run / "analyses/a100", document);
    fedgram::test::write_analysis(run / "analyses/t4");
    return run::read_analyses(run.path());
}

std::string with_single_blanks(const std::string& text)
{
    std::string single;
    for (const char c : text)
        if (c != ' ' || single.empty() || single.back() != ' ') single += c;
    return single;
}

}  // namespace

TEST_CASE("What analyses have found stands beneath one another", "[report]")
{
    auto document = fedgram::test::analysis_document();
    document["best"][0]["accuracy"] = 0.901;
    document["best"][0]["loads"][0]["stable"] = false;
    const auto text = with_single_blanks(serving_section(analyses_with(document)));
    CHECK_THAT(text, StartsWith("\nServing, as `fedgram analyze` found\n"
                                "a100: small-cnn on t4, a100; maximizing throughput; p99 latency at most 15.0 ms. In 2 "
                                "measurements across 2 configurations, float32 is the best.\n"));
    // Each figure as the document has it, by hand. Nothing is known of core-seconds, device-seconds, USD and network.
    CHECK_THAT(text,
               Contains("\n constraints device configuration load answers/s p99 ms of requests memory MB accuracy "
                        "J/1000 g/1000 idle\n"
                        "1 kept t4 float32 with 1 instance and batches of at most 8 64 clients 1230 12.5 1000 6.00 "
                        "90.1 % 8.80 0.250 50 %\n"
                        "default broken t4 float32 with 1 instance and no batches 64 clients 500 128 1000 6.00 - 8.80 "
                        "0.250 50 %\n"));
    CHECK_THAT(text, Contains("\n1 broken at capacity, not stable 1500 1 7.50 0 %\n"));
    CHECK_THAT(text, Contains("\nt4: watts enclose the card.\n\nt4: small-cnn on t4, a100; ") &&
                         EndsWith("\nt4: watts enclose the card.\n"));
    CHECK(serving_section({}).empty());
}

TEST_CASE("What costs are known of answers stand in columns of their own", "[report]")
{
    auto document = fedgram::test::analysis_document();
    auto& best = document["best"][0];
    best["low_joules_per_1000"] = 7;
    best["high_joules_per_1000"] = 11;
    best["low_gco2e_per_1000"] = 0.2;
    best["high_gco2e_per_1000"] = 0.3;
    best["core_seconds_per_1000"] = 1.5;
    best["device_seconds_per_1000"] = 2.5;
    best["usd_per_1000"] = 0.0125;
    best["network_joules_per_1000"] = 3.5;
    best["network_gco2e_per_1000"] = 0.45;
    best["low_network_joules_per_1000"] = 1;
    best["high_network_joules_per_1000"] = 7;
    const auto text = with_single_blanks(serving_section(analyses_with(document)));
    CHECK_THAT(text,
               Contains(" J/1000 g/1000 idle core-s/1000 device-s/1000 USD/1000 network J/1000 network g/1000\n") &&
                   Contains(" 6.00 8.8 (7.0-11) 0.25 (0.20-0.30) 50 % 1.50 2.50 0.0125 3.5 (1.0-7.0) 0.450\n") &&
                   Contains(" 6.00 8.80 0.250 50 % - - - - -\n"));
}

TEST_CASE("A load of too few answers for a p99 is neither kept nor broken", "[report]")
{
    auto document = fedgram::test::analysis_document();
    document["best"][0]["loads"][0]["requests"] = 450;
    document["best"][0]["loads"][0]["keeps_constraints"] = nullptr;
    CHECK_THAT(with_single_blanks(serving_section(analyses_with(document))),
               Contains(" constraints load requests/s devices of requests J/1000 idle\n"
                        "1 p99 unknown at capacity 1500 1 450 7.50 0 %\n"));
}

TEST_CASE("Grams of different grids are said not to compare", "[report]")
{
    auto document = fedgram::test::analysis_document();
    document["country"] = "FRA";
    document["grid_gco2e_per_kwh"] = 40.48;
    // The other is of a version that named none.
    CHECK_THAT(serving_section(analyses_with(document)),
               EndsWith("\nGrams of these analyses don't compare, as they are of different grids: a100 of FRA at 40.5 "
                        "gCO2e/kWh; t4 of a grid that it doesn't name.\n"));
    CHECK_THAT(serving_section(analyses_with(fedgram::test::analysis_document())), !Contains("don't compare"));
    document["best"] = nlohmann::ordered_json::array();
    document.erase("country");
    CHECK_THAT(serving_section(analyses_with(document)), !Contains("don't compare"));
}

TEST_CASE("An analysis that found nothing to run says why, without tables", "[report]")
{
    auto document = fedgram::test::analysis_document();
    document["sentence"] = "In 1 measurement across 1 configuration, none could be run: t4: too small.";
    document["best"] = nlohmann::ordered_json::array();
    document["default"] = nullptr;
    const auto text = serving_section(analyses_with(document));
    CHECK_THAT(text, Contains("none could be run: t4: too small.\nt4: watts enclose the card.\n\nt4: "));
}

TEST_CASE("In JSON each analysis is its document, by its name", "[report]")
{
    auto document = fedgram::test::analysis_document();
    document["best"][0]["what a later version adds"] = 1;
    const auto json = serving_json(analyses_with(document));
    REQUIRE(json.size() == 2);
    CHECK(json[0]["analysis"] == "a100");
    CHECK(json[0]["best"] == document["best"]);
    CHECK(json[1]["analysis"] == "t4");
    CHECK(json[1]["goal"] == "maximizing throughput; p99 latency at most 15.0 ms");
}
