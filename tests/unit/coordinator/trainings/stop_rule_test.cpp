#include "coordinator/trainings/stop_rule.hpp"

#include <catch2/catch.hpp>

using fedgram::coordinator::StopRule;

TEST_CASE("The first evaluation at or above the target ends the training", "[coordinator]")
{
    StopRule rule{0.9, {1}};
    CHECK_FALSE(rule.on_evaluation(0.8999));
    CHECK(rule.reached() == false);
    CHECK(rule.on_evaluation(0.9));
    CHECK(rule.reached() == true);
}

TEST_CASE("Several evaluations in a row can be asked for", "[coordinator]")
{
    StopRule rule{0.9, {3}};
    for (const double accuracy : {0.91, 0.92, 0.89, 0.9, 0.95}) CHECK_FALSE(rule.on_evaluation(accuracy));
    CHECK(rule.on_evaluation(0.9));
}

TEST_CASE("Without a target nothing is reached and nothing is missed", "[coordinator]")
{
    StopRule rule{std::nullopt, {1}};
    CHECK_FALSE(rule.on_evaluation(1));
    CHECK_FALSE(rule.reached());
}
