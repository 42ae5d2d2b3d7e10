#include "experiments/commands/models.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/captured_output.hpp"

using namespace fedgram;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using experiments::models;
using Json = nlohmann::ordered_json;

TEST_CASE("A built-in model is shown by layers", "[experiments]")
{
    const test::CapturedOutput output;
    CHECK(models({.name = "small-cnn", .json = true}) == 0);
    const auto model = Json::parse(output.text());
    CHECK(model["forward_flops_per_sample"] == 2'436'096);
    CHECK(model["layers"][0]["forward_flops_per_sample"] == 2 * 16 * 28 * 28 * 9);
}

TEST_CASE("A built-in model is shown for samples of any shape, and says which", "[experiments]")
{
    {
        const test::CapturedOutput output;
        CHECK(models({.name = "mlp-32", .input = "3x32x32", .classes = 100, .json = true}) == 0);
        const auto model = Json::parse(output.text());
        CHECK(model["input_shape"] == Json({3, 32, 32}));
        CHECK(model["classes"] == 100);
        CHECK(model["parameters"] == (3 * 32 * 32 + 1) * 32 + (32 + 1) * 100);
    }
    {
        const test::CapturedOutput output;
        CHECK(models({.name = "mlp-32", .input = "1x1x4", .classes = 3}) == 0);
        CHECK_THAT(output.text(), Contains("\nSamples of 1x1x4, 3 classes.\n"));
    }
    const test::CapturedOutput output;
    CHECK(models({}) == 0);
    CHECK_THAT(output.text(), Contains("\nSamples of 1x28x28, 10 classes.\n"));
}

TEST_CASE("A model's input is given as three numbers", "[experiments]")
{
    for (const std::string input : {"", "3", "3x32", "3x32x32x", "3x32x32x1", "0x28x28", "x28x28", "3 x 32 x 32",
                                    "-1x28x28", "axbxc", "99999999999x1x1"}) {
        INFO(input);
        CHECK_THROWS_AS(models({.name = "mine.pt", .input = input}), SpecError);
        CHECK_THROWS_WITH(models({.name = "mine.pt", .input = input}),
                          Equals("--input: \"" + input +
                                 "\" is no size of a sample; give channels, height and width, "
                                 "as in 3x32x32"));
    }
    CHECK_THROWS_WITH(models({.name = "huge-cnn"}), Contains("\"huge-cnn\" is no built-in model"));
}

TEST_CASE("A built-in model is shown at a width", "[experiments]")
{
    {
        const test::CapturedOutput output;
        CHECK(models({.name = "small-cnn", .width = 0.25, .json = true}) == 0);
        // (9 + 1) 4 + (4 x 9 + 1) 8 + (8 x 49 + 1) 32 + (32 + 1) 10.
        CHECK(Json::parse(output.text())["parameters"] == 40 + 296 + 12'576 + 330);
    }
    CHECK_THROWS_WITH(models({.name = "small-cnn", .width = 0}),
                      Equals("--width: 0 is not valid; use a number greater than 0 and at most 1024"));
    CHECK_THROWS_WITH(models({.name = "mine.pt", .width = 2}),
                      Equals("--width: 2 is for a built-in model; a TorchScript file says its own sizes"));
}
