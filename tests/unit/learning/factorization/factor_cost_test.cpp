#include "common/learning/factorization/factor_cost.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::learning;

TEST_CASE("Rank 32 of small-cnn's fc1 has 54,272 weights of 200,704, and it pays up to rank 118")
{
    // 32 x (1568 + 128) = 54,272. 1568 x 128 / 1696 = 118.3.
    CHECK(linear_cost(1568, 128) == FactorCost{200'704, 200'704});
    CHECK(factored_linear_cost(1568, 128, 32) == FactorCost{54'272, 54'272});
    CHECK(highest_paying_rank(1568, 128) == 118);
    CHECK(factored_linear_cost(1568, 128, 118).weights < 200'704);
    CHECK(factored_linear_cost(1568, 128, 119).weights > 200'704);
}

TEST_CASE("A separable convolution has 1/outputs + 1/kernel^2 of the weights and multiply-accumulates")
{
    // small-cnn's conv2: 16 to 32 channels, 3x3; by hand 16 x (9 + 32) = 656 of 4608, 0.142.
    const ConvolutionExtent conv2{16, 32, 3, 196, 49};
    const auto separable = separable_convolution_cost(conv2);
    CHECK(separable == FactorCost{656, 656 * 49});
    const auto whole = convolution_cost(conv2);
    CHECK(static_cast<double>(separable.macs) / static_cast<double>(whole.macs) == Approx(1.0 / 32 + 1.0 / 9));
    CHECK(static_cast<double>(separable.macs) / static_cast<double>(whole.macs) == Approx(0.142).margin(0.0005));
}

TEST_CASE("A rank at the break-even saves nothing")
{
    // 4 x 4 / 8 = 2: two factors of 2 x 4 weights are 16 again.
    CHECK(highest_paying_rank(4, 4) == 1);
    CHECK(highest_paying_rank(1, 10) == 0);
}

TEST_CASE("A convolution's factors count each 1x1 and the core, at the pixels where they run")
{
    // small-cnn's conv2: 16 to 32 channels, 3x3, 14 x 14 pixels; by hand 16 x 6 + 6 x 10 x 9 + 10 x 32 = 956.
    const ConvolutionExtent conv2{16, 32, 3, 196, 196};
    CHECK(convolution_cost(conv2) == FactorCost{4608, 903'168});
    CHECK(factored_convolution_cost(conv2, {6, 10}) == FactorCost{956, 956 * 196});

    // With a stride of 2 the first 1x1 runs at four times the pixels: 96 x 196 + 860 x 49.
    const ConvolutionExtent strided{16, 32, 3, 196, 49};
    CHECK(factored_convolution_cost(strided, {6, 10}) == FactorCost{956, 60'956});
}

TEST_CASE("The highest paying rank of the inputs is the last one that saves weights and multiply-accumulates")
{
    for (const ConvolutionExtent& extent :
         {ConvolutionExtent{16, 32, 3, 196, 196}, ConvolutionExtent{16, 32, 3, 196, 49},
          ConvolutionExtent{32, 64, 5, 196, 196}, ConvolutionExtent{8, 4, 1, 16, 16}}) {
        const auto whole = convolution_cost(extent);
        for (std::uint32_t outputs = 1; outputs <= extent.outputs; ++outputs) {
            std::uint64_t most = 0;
            for (std::uint32_t inputs = 1; inputs <= extent.inputs; ++inputs) {
                const auto factored = factored_convolution_cost(extent, {inputs, outputs});
                if (factored.weights < whole.weights && factored.macs < whole.macs) most = inputs;
            }
            INFO(extent.inputs << " to " << extent.outputs << ", rank " << outputs << " of the outputs");
            CHECK(highest_paying_input_rank(extent, outputs) == most);
        }
    }
}
