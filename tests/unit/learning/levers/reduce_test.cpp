#include "common/learning/levers/reduce.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/levers/lever.hpp"
#include "tests/unit/learning/levers/lever_bench.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;

TEST_CASE("A reduction has the figures before, and behind each lever, and the same ones each time", "[levers]")
{
    const spec::Reduction reduction{
        .label = "small", .training = "central", .levers = {spec::Prune{.sparsity = 0.5}, spec::Quantize{}}};
    LeverBench on;
    const auto result = reduce(reduction, on.candidate, on.bench);
    CHECK(result.label == "small");
    CHECK(result.training == "central");
    REQUIRE(result.steps.size() == 2);
    CHECK(result.before.accuracy > 0.9);
    CHECK(result.steps[0].figures.inference.float_ops == result.before.inference.float_ops);
    CHECK(result.after().inference.int8_ops == result.before.inference.float_ops);
    CHECK(result.cost().tuning == result.steps[0].cost.tuning);
    CHECK(result.cost().passes == result.steps[1].cost.passes);

    LeverBench again;
    const auto second = reduce(reduction, again.candidate, again.bench);
    CHECK(second.after().accuracy == result.after().accuracy);
    CHECK(again.candidate.int8->layers[0].weights == on.candidate.int8->layers[0].weights);
}

TEST_CASE("A result's levers have the rate that they trained at", "[levers]")
{
    const auto rate_of = [](const spec::Lever& lever) {
        return std::visit([](const auto& kind) { return kind.tuning.learning_rate; }, with_rate(lever, 0.5));
    };
    CHECK(rate_of(spec::Prune{}) == 0.05);
    CHECK(rate_of(spec::Prune{.course = spec::PruningCourse::lottery}) == 0.5);
    CHECK(rate_of(spec::ShareWeights{}) == 0.005);
    CHECK(rate_of(spec::Distill{}) == 0.5);
    CHECK(rate_of(spec::FineTune{.frozen_to = "", .tuning = {.learning_rate = 0.3}}) == 0.3);
    CHECK(rate_of(spec::Quantize{}) == std::nullopt);  // trains nothing

    LeverBench on;
    const auto result = reduce({.label = "small", .training = "central", .levers = {spec::Prune{.sparsity = 0.5}}},
                               on.candidate, on.bench);
    CHECK(std::get<spec::Prune>(result.steps[0].lever).tuning.learning_rate == 0.1 * on.bench.training_rate());
}

TEST_CASE("A lever that doesn't fit says of which reduction it is", "[levers]")
{
    LeverBench on;
    CHECK_THROWS_WITH(
        static_cast<void>(reduce({.label = "odd", .training = "x", .levers = {spec::Quantize{}, spec::Prune{}}},
                                 on.candidate, on.bench)),
        "reductions.odd: prune: the weights are shared or quantized already; put share-weights and quantize last");
}
