#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "common/learning/model/model.hpp"

using namespace fedgram::learning;

namespace {

Model small_cnn() { return build_model({.name = "small-cnn", .layers = {}, .torchscript = {}}, Shape{}); }

}  // namespace

TEST_CASE("A seed means the same initial parameters on every machine")
{
    // Worked out by an independent program: xoshiro256** of (seed 1, purpose 1, slot), scaled by 1/sqrt(fan_in).
    const auto model = small_cnn();
    const auto values = initial_parameters(model, 1);
    REQUIRE(values.size() == 206'922);
    CHECK(values[0] == -0x1.fe2f0ep-4F);  // conv1.weight, fan_in 9
    CHECK(values[1] == 0x1.45abdcp-3F);
    const auto offset = model.parameters.slots[6].offset;
    CHECK(values[offset] == 0x1.99a874p-5F);  // fc2.weight, fan_in 128
    CHECK(values[offset + 1] == 0x1.71fc68p-10F);
}

TEST_CASE("Initial weights are uniform within one over the root of fan-in")
{
    const auto model = small_cnn();
    const auto values = initial_parameters(model, 7);
    const auto& slot = model.parameters.slots[4];  // fc1.weight: 200,704 values
    const double bound = 1 / std::sqrt(1568.0);
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < slot.size; ++i) {
        const double value = values[slot.offset + i];
        REQUIRE(std::abs(value) <= bound);
        sum += value;
        squares += value * value;
    }
    // Of n uniform values the mean has a standard deviation of bound/sqrt(3n); their variance is bound^2/3.
    const auto n = static_cast<double>(slot.size);
    CHECK(std::abs(sum / n) < 4 * bound / std::sqrt(3 * n));
    CHECK(squares / n == Approx(bound * bound / 3).epsilon(0.01));
}

TEST_CASE("Another seed gives other initial parameters")
{
    const auto model = small_cnn();
    CHECK(initial_parameters(model, 1) != initial_parameters(model, 2));
}
