#include "common/learning/native/kernels.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include "common/learning/native/instruction_set.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning::native;

namespace {

std::vector<float> noise(std::size_t count, std::uint64_t seed)
{
    Stream stream{seed, Purpose::subset};
    std::vector<float> values(count + lane_block);
    for (auto& value : values) value = static_cast<float>(stream.normal());
    return values;
}

}  // namespace

TEST_CASE("A normalization's sums and values don't depend on how many rows are taken at once")
{
    constexpr std::size_t count = 21;
    constexpr std::size_t stride = 24;
    constexpr std::size_t rows = 7;  // four, two and one
    const auto x = noise(rows * stride, 1);
    const auto gradients = noise(rows * stride, 2);
    const auto scale = noise(count, 3);
    const auto offset = noise(count, 4);
    const auto mean = noise(count, 5);
    const NormalizationSlopes slopes{mean.data(), offset.data(), scale.data(), mean.data()};
    for (const auto set : usable_instruction_sets())
        for (const auto activation : {Activation::none, Activation::relu, Activation::relu6}) {
            const auto& of_set = kernels(set);
            struct Results {
                std::vector<float> sums, squares, gradient_sums, products;
                std::vector<float> scaled, gradient;
            };
            const auto results = [&](std::size_t at_once) {
                const std::vector<float> zeros(count + lane_block);
                Results made{zeros, zeros, zeros, zeros, noise(rows * stride, 6), noise(rows * stride, 7)};
                for (std::size_t first = 0; first < rows; first += at_once) {
                    const std::size_t at = first * stride;
                    const NormalizedRows some{at_once, count,        x.data() + at, stride,    gradients.data() + at,
                                              stride,  scale.data(), offset.data(), activation};
                    of_set.add_moments(some, mean.data(), made.sums.data(), made.squares.data());
                    of_set.add_gradient_moments(some, mean.data(), made.gradient_sums.data(), made.products.data());
                    of_set.scale(some, made.scaled.data() + at, stride);
                    of_set.normalization_gradient(some, slopes, made.gradient.data() + at, stride);
                }
                for (auto* sums : {&made.sums, &made.squares, &made.gradient_sums, &made.products}) sums->resize(count);
                return made;
            };
            const auto together = results(rows);
            const auto one_by_one = results(1);
            INFO(name(set));
            CHECK(together.sums == one_by_one.sums);
            CHECK(together.squares == one_by_one.squares);
            CHECK(together.gradient_sums == one_by_one.gradient_sums);
            CHECK(together.products == one_by_one.products);
            // What lies between two rows is nobody's, and stays.
            CHECK(together.scaled == one_by_one.scaled);
            CHECK(together.gradient == one_by_one.gradient);
        }
}

TEST_CASE("A depthwise convolution and its gradient don't depend on how many pixels are taken at once")
{
    constexpr std::size_t channels = 21;
    constexpr std::size_t columns = 9;  // seven and two
    constexpr std::size_t rows = 2;
    constexpr std::size_t in_stride = (columns + 2) * channels;
    const auto in = noise((rows + 2) * in_stride, 1);
    const auto weights = noise(9 * padded(channels), 2);
    const auto gradients = noise(rows * columns * channels, 3);
    for (const auto set : usable_instruction_sets()) {
        const auto& of_set = kernels(set);
        std::vector<float> out[2];
        std::vector<float> sums[2];
        for (const std::size_t at_once : {columns, std::size_t{1}}) {
            auto& made = out[at_once == 1];
            auto& made_sums = sums[at_once == 1];
            made.resize(rows * columns * channels);
            made_sums.resize(10 * padded(channels));
            for (std::size_t row = 0; row < rows; ++row)
                for (std::size_t first = 0; first < columns; first += at_once) {
                    const float* const window = in.data() + row * in_stride + first * channels;
                    const std::size_t at = (row * columns + first) * channels;
                    Depthwise convolution;
                    convolution.rows = 1;
                    convolution.columns = at_once;
                    convolution.channels = channels;
                    convolution.kernel_rows = convolution.kernel_columns = 3;
                    convolution.in = window;
                    convolution.in_row_stride = in_stride;
                    convolution.column_step = channels;
                    convolution.weights = weights.data();
                    convolution.out = made.data() + at;
                    convolution.out_column_stride = channels;
                    of_set.depthwise(convolution);
                    DepthwiseGradient gradient;
                    gradient.rows = 1;
                    gradient.columns = at_once;
                    gradient.channels = channels;
                    gradient.kernel = 3;
                    gradient.in = window;
                    gradient.in_row_stride = in_stride;
                    gradient.column_step = channels;
                    gradient.gradients = gradients.data() + at;
                    gradient.sums = made_sums.data();
                    gradient.starts = made_sums.data() + 9 * padded(channels);
                    of_set.depthwise_gradient(gradient);
                }
            // Of lanes behind the channels nobody reads the sums.
            for (std::size_t i = 0; i < 10; ++i)
                std::fill_n(made_sums.data() + i * padded(channels) + channels, padded(channels) - channels, 0.0F);
        }
        INFO(name(set));
        CHECK(out[0] == out[1]);
        CHECK(sums[0] == sums[1]);
    }
}
