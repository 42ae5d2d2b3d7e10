#include "common/learning/quantization/fake_quantization.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

TEST_CASE("Activations become what their codes tell, and gradients pass where they have one", "[quantization]")
{
    // By hand with steps of 0.5 and 0 at 2, so the ends are -1 and 126.5. Halves go to the even step: 0.25 is 0.5
    // steps.
    const Quantizer quantizer{.5F, 2};
    const std::vector<float> before{.25F, .75F, -1, -1.25F, -1.3F, 126.5F, 126.7F, 126.8F, 1000, 0};
    auto values = before;
    fake_quantize(values, quantizer);
    CHECK(values == std::vector<float>{0, 1, -1, -1, -1, 126.5F, 126.5F, 126.5F, 126.5F, 0});
    // -1.25 is -2.5 steps, goes to -2 and so to the code 0; -1.3 goes to -3, which has none.
    std::vector<float> gradient(before.size());
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = static_cast<float>(i + 1);
    pass_through(before, quantizer, gradient);
    CHECK(gradient == std::vector<float>{1, 2, 3, 4, 0, 6, 7, 0, 0, 10});
}

TEST_CASE("Weights become what their codes tell, channel by channel", "[quantization]")
{
    const std::vector<float> before{127, 1.5F, -2.5F, -12.7F, .15F, .16F};
    const auto scales = symmetric_scales(before, 2);
    auto weights = before;
    fake_quantize_weights(weights, scales);
    CHECK(weights == symmetric_values(symmetric_codes(before, scales), scales));
    CHECK(std::vector(weights.begin(), weights.begin() + 3) == std::vector<float>{127, 2, -2});
    CHECK(weights[5] == Approx(.2));

    std::vector<float> gradient(6, 3);
    pass_through_weights(before, scales, gradient);
    CHECK(gradient == std::vector<float>(6, 3));  // by their own scales all have a code
    const std::vector<float> older{.5F, .1F};     // what is beyond 127 older steps, 63.5 and 12.7, has none
    pass_through_weights(before, older, gradient);
    CHECK(gradient == std::vector<float>{0, 3, 3, 3, 3, 3});
}

TEST_CASE("What codes have told is told again, and never lies beyond the range", "[quantization]")
{
    const auto quantizer = affine_quantizer({-.7F, 1.9F});
    auto once = uniform_values(1000, -3, 3, 9);
    fake_quantize(once, quantizer);
    auto twice = once;
    fake_quantize(twice, quantizer);
    CHECK(twice == once);
    CHECK(*std::min_element(once.begin(), once.end()) == value_of(0, quantizer));
    CHECK(*std::max_element(once.begin(), once.end()) == value_of(255, quantizer));
}
