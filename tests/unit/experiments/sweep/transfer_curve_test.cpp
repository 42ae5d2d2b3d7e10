#include "experiments/sweep/transfer_curve.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace fedgram::experiments;

namespace {

// By hand: muP's best rate is 0.1 at both widths; the standard one's moves from 0.2 to 0.1.
const std::vector<TransferPoint> points{{"mup", 0.5, 0.1, 0.80, 10},     {"mup", 0.5, 0.2, 0.70, 10},
                                        {"mup", 2, 0.1, 0.90, 70},       {"mup", 2, 0.2, 0.85, 70},
                                        {"standard", 0.5, 0.2, 0.8, 10}, {"standard", 0.5, 0.1, 0.75, 10},
                                        {"standard", 2, 0.1, 0.89, 70},  {"standard", 2, 0.2, 0.30, 70}};

}  // namespace

TEST_CASE("a way costs its trials, and the wide training where it isn't one of them")
{
    const auto ways = tuning_ways(points);
    REQUIRE(ways.size() == 4);
    CHECK(ways[0].parametrization == "mup");
    CHECK(ways[0].tuned_at == 0.5);
    CHECK(ways[0].learning_rate == 0.1);
    CHECK(ways[0].accuracy == 0.90);
    CHECK(ways[0].joules == 10 + 10 + 70);
    CHECK(ways[1].tuned_at == 2);
    CHECK(ways[1].joules == 70 + 70);
    CHECK(ways[2].parametrization == "standard");
    CHECK(ways[2].learning_rate == 0.2);
    CHECK(ways[2].accuracy == 0.30);
    CHECK(ways[3].accuracy == 0.89);
}

TEST_CASE("of rates that are equally good the smallest is taken")
{
    const std::vector<TransferPoint> equal{{"mup", 1, 0.2, 0.8, 1}, {"mup", 1, 0.1, 0.8, 1}};
    CHECK(tuning_ways(equal).front().learning_rate == 0.1);
}

TEST_CASE("a transfer curve in text and JSON says the same")
{
    const auto text = transfer_text(points);
    CHECK(text.find("80.0 %") != std::string::npos);
    CHECK(text.find("best rate") != std::string::npos);
    const auto json = transfer_json(points);
    REQUIRE(json["points"].size() == 8);
    CHECK(json["points"][4]["parametrization"] == "standard");
    CHECK(json["ways"][2]["learning_rate"] == 0.2);
    CHECK(json["ways"][2]["joules"] == 90.0);
}
