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
    document["best"][0]["usd_per_1000"] = 0.0125;
    document["best"][0]["accuracy"] = 0.901;
    document["best"][0]["loads"][0]["stable"] = false;
    const auto text = with_single_blanks(serving_section(analyses_with(document)));
    CHECK_THAT(text, StartsWith("\nServing, as `fedgram analyze` found\n"
                                "a100: small-cnn on t4, a100; maximizing throughput; p99 latency at most 15.0 ms. In 2 "
                                "measurements across 2 configurations, float32 is the best.\n"));
    // Each figure as the document has it, by hand.
    CHECK_THAT(text, Contains("\n1 t4 float32 with 1 instance and batches of at most 8 64 clients 1230 12.5 1000 6.00 "
                              "90.1 % - 8.80 0.250 0.0125 50 % kept\n"));
    CHECK_THAT(text, Contains("\ndefault t4 float32 with 1 instance and no batches 64 clients 500 128 1000 6.00 - - "
                              "8.80 0.250 - 50 % broken\n"));
    CHECK_THAT(text, Contains("\n1 at capacity, not stable 1500 1 - 7.50 - - 0 % broken\n"));
    CHECK_THAT(text, Contains("\nt4: watts enclose the card.\n\nt4: small-cnn on t4, a100; ") &&
                         EndsWith("\nt4: watts enclose the card.\n"));
    CHECK(serving_section({}).empty());
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
