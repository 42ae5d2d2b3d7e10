#include "common/run/node_test.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram::run;
using nlohmann::ordered_json;

TEST_CASE("Accuracies by node: the mean over nodes, and the worst tenth, rounded up to whole nodes", "[run]")
{
    // 0.5, 1, 0.25 and a node without a test set.
    const NodeTest test{{2, 10, 0, 4}, {1, 10, 0, 1}};
    CHECK(test.accuracies() == std::vector{0.25, 0.5, 1.0});
    CHECK(test.mean() == Approx(1.75 / 3));
    CHECK(test.worst_tenth() == 0.25);
    CHECK(test.text() == "mean 58.3 %, worst tenth 25.0 %, of 3 nodes");

    NodeTest many{std::vector<std::uint32_t>(11, 10), {}};
    for (std::uint32_t node = 0; node < 11; ++node) many.correct.push_back(node);
    CHECK(many.worst_tenth() == Approx((0.0 + 0.1) / 2));
}

TEST_CASE("The counts read back, and counts that can't be are refused", "[run]")
{
    const NodeTest test{{2, 10, 0}, {1, 10, 0}};
    const auto json = to_json(test);
    CHECK(to_json(parse_node_test(json, "node_test")) == json);
    const auto error = [](const char* text) {
        try {
            static_cast<void>(parse_node_test(ordered_json::parse(text), "node_test"));
        } catch (const fedgram::SpecError& refused) {
            return std::string{refused.what()};
        }
        return std::string{};
    };
    CHECK_THAT(error(R"({"samples": [1, 2], "correct": [1]})"), Catch::Contains("as many counts as"));
    CHECK_THAT(error(R"({"samples": [1], "correct": [2]})"), Catch::Contains("no more than"));
    CHECK_THAT(error(R"({"samples": [0], "correct": [0]})"), Catch::Contains("a node that has a test set"));
    CHECK_THAT(error(R"({"samples": [-1], "correct": [0]})"), Catch::Contains("a list of counts"));
}
