#include "common/learning/levers/reduce.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
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

TEST_CASE("A lever that doesn't fit says of which reduction it is", "[levers]")
{
    LeverBench on;
    CHECK_THROWS_WITH(
        static_cast<void>(reduce({.label = "odd", .training = "x", .levers = {spec::Quantize{}, spec::Prune{}}},
                                 on.candidate, on.bench)),
        "reductions.odd: prune: the weights are shared or quantized already; put share-weights and quantize last");
}
