#include "common/learning/native/winograd_convolution_stage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning::native;

namespace {

struct Geometry {
    std::size_t samples;
    std::size_t in;
    std::size_t out;
    std::size_t height;
    std::size_t width;
    std::size_t padding;
};

/// A batch's input, its filters and the gradient at its outputs, [sample][row][column][channel] without borders; and
/// what a convolution makes of them.
struct Convolution {
    explicit Convolution(const Geometry& geometry)
        : of{geometry}, out_height{of.height + 2 * of.padding - 2}, out_width{of.width + 2 * of.padding - 2}
    {
        Stream stream{1, Purpose::subset};
        const auto fill = [&](std::vector<float>& values, std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<float>(stream.normal()));
        };
        fill(input, of.samples * of.height * of.width * of.in);
        fill(parameters, of.out * of.in * 9 + of.out);
        fill(gradient, of.samples * out_height * out_width * of.out);
    }

    /// Calls `body(output, input, weight)` with the places of each product.
    template <class Body>
    void for_each_product(const Body& body) const
    {
        const auto pad = of.padding;
        for (std::size_t n = 0; n < of.samples; ++n)
            for (std::size_t y = 0; y < out_height; ++y)
                for (std::size_t x = 0; x < out_width; ++x)
                    for (std::size_t i = 0; i < 3; ++i)
                        for (std::size_t j = 0; j < 3; ++j) {
                            if (y + i < pad || y + i - pad >= of.height || x + j < pad || x + j - pad >= of.width)
                                continue;
                            const auto output = ((n * out_height + y) * out_width + x) * of.out;
                            const auto from = ((n * of.height + y + i - pad) * of.width + x + j - pad) * of.in;
                            for (std::size_t o = 0; o < of.out; ++o)
                                for (std::size_t c = 0; c < of.in; ++c)
                                    body(output + o, from + c, ((o * of.in + c) * 3 + i) * 3 + j);
                        }
    }

    Geometry of;
    std::size_t out_height;
    std::size_t out_width;
    std::vector<float> input{};
    std::vector<float> parameters{};
    std::vector<float> gradient{};
};

template <class Value>
struct Results {
    std::vector<Value> output;
    std::vector<Value> input_gradient;
    std::vector<Value> parameter_gradient;

    bool operator==(const Results&) const = default;
};

Results<double> in_double_precision(const Convolution& it)
{
    Results<double> results{std::vector<double>(it.gradient.size()), std::vector<double>(it.input.size()),
                            std::vector<double>(it.parameters.size())};
    const auto biases = it.of.out * it.of.in * 9;
    for (std::size_t i = 0; i < results.output.size(); ++i) {
        results.output[i] = it.parameters[biases + i % it.of.out];
        results.parameter_gradient[biases + i % it.of.out] += it.gradient[i];
    }
    it.for_each_product([&](std::size_t output, std::size_t input, std::size_t weight) {
        const double x = it.input[input], w = it.parameters[weight], g = it.gradient[output];
        results.output[output] += x * w;
        results.input_gradient[input] += g * w;
        results.parameter_gradient[weight] += g * x;
    });
    return results;
}

// What lies around the pixels of an image: zeros where the border is part of the input, else what must not matter.
void put(const std::vector<float>& pixels, const ImageActivations& images, std::size_t samples, float around,
         std::span<float> to)
{
    std::ranges::fill(to, around);
    const auto row_size = images.width * images.channels;
    for (std::size_t row = 0; row < samples * images.height; ++row)
        std::copy_n(pixels.data() + row * row_size, row_size,
                    to.data() + row / images.height * images.sample_stride + images.corner +
                        row % images.height * images.row_stride);
}

std::vector<float> pixels_of(std::span<const float> from, const ImageActivations& images, std::size_t samples)
{
    std::vector<float> pixels;
    const auto row_size = images.width * images.channels;
    for (std::size_t row = 0; row < samples * images.height; ++row) {
        const auto* const at = from.data() + row / images.height * images.sample_stride + images.corner +
                               row % images.height * images.row_stride;
        pixels.insert(pixels.end(), at, at + row_size);
    }
    return pixels;
}

Results<float> by_stage(const Convolution& it, InstructionSet set, std::size_t part_size)
{
    constexpr float not_read = std::numeric_limits<float>::quiet_NaN();
    const auto& of = it.of;
    ImageActivations in{of.in, of.height, of.width, of.padding};
    ImageActivations out{of.out, it.out_height, it.out_width, 1};
    AlignedFloats in_values(in.floats(of.samples)), out_values(out.floats(of.samples));
    AlignedFloats in_gradients(in.floats(of.samples), not_read), out_gradients(out.floats(of.samples));
    in.values = in_values;
    out.values = out_values;
    in.gradients = in_gradients;
    out.gradients = out_gradients;
    put(it.input, in, of.samples, 0, in_values);
    put(it.gradient, out, of.samples, not_read, out_gradients);

    WinogradConvolutionStage stage{kernels(set), {of.padding, true}, 0, in, out, true};
    std::vector<float> parameter_gradient(it.parameters.size());
    stage.take(it.parameters);
    const auto for_each_part = [&](const auto& body) {
        for (std::size_t first = 0; first < of.samples; first += part_size)
            body(Part{first, std::min(part_size, of.samples - first)});
    };
    // The second time there is something left to be forgotten.
    for (int time = 0; time < 2; ++time) {
        for_each_part([&](Part part) { stage.forward_part(part); });
        stage.begin_backward();
        for_each_part([&](Part part) { stage.backward_part(part); });
        stage.finish_backward(parameter_gradient);
    }
    return {pixels_of(out_values, out, of.samples), pixels_of(in_gradients, in, of.samples), parameter_gradient};
}

// The largest difference over the largest value.
double error(const std::vector<float>& values, const std::vector<double>& exact)
{
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        largest = std::max(largest, std::abs(exact[i]));
        difference = std::max(difference, std::isnan(values[i]) ? 1e9 : std::abs(values[i] - exact[i]));
    }
    return difference / largest;
}

std::vector<Geometry> geometries()
{
    std::vector<Geometry> geometries;
    for (std::size_t side = 1; side <= 9; ++side) geometries.push_back({3, 3, 5, side, 10 - side, 1});
    for (const std::size_t in : {1, 3, 16, 17})
        for (const std::size_t out : {1, 3, 16, 17}) geometries.push_back({2, in, out, 6, 5, 1});
    for (const std::size_t padding : {0, 2, 3}) geometries.push_back({3, 5, 18, 9, 7, padding});
    geometries.push_back({2, 33, 40, 12, 11, 1});
    geometries.push_back({9, 4, 4, 28, 28, 1});
    return geometries;
}

}  // namespace

TEST_CASE("Nine ones over a square of ones count each pixel's neighbours")
{
    Convolution it{{1, 1, 1, 4, 4, 1}};
    std::ranges::fill(it.input, 1.0F);
    std::ranges::fill(it.parameters, 1.0F);
    it.parameters.back() = 0.5F;  // the bias
    std::ranges::fill(it.gradient, 1.0F);
    const std::vector<double> neighbours{4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4};
    auto with_bias = neighbours;
    for (auto& value : with_bias) value += 0.5;
    for (const auto set : usable_instruction_sets()) {
        const auto results = by_stage(it, set, 1);
        CHECK(error(results.output, with_bias) < 1e-6);
        CHECK(error(results.input_gradient, neighbours) < 1e-6);
        // A weight meets the pixels that are left when the square is shifted by its place.
        CHECK(error(results.parameter_gradient, {9, 12, 9, 12, 16, 12, 9, 12, 9, 16}) < 1e-6);
    }
}

TEST_CASE("Winograd's filtering gives a convolution and its gradients, whatever the sizes and their rests")
{
    for (const auto& geometry : geometries()) {
        const Convolution it{geometry};
        const auto exact = in_double_precision(it);
        for (const auto set : usable_instruction_sets()) {
            INFO(geometry.in << " to " << geometry.out << " channels of " << geometry.height << " x " << geometry.width
                             << ", padding " << geometry.padding << ", by " << name(set));
            const auto results = by_stage(it, set, 2);
            CHECK(error(results.output, exact.output) < 2e-5);
            CHECK(error(results.input_gradient, exact.input_gradient) < 2e-5);
            CHECK(error(results.parameter_gradient, exact.parameter_gradient) < 2e-5);
        }
    }
}

TEST_CASE("Winograd's filtering gives the same bits by AVX2 and AVX-512, in parts of any size")
{
    for (const auto& geometry : geometries()) {
        const Convolution it{geometry};
        auto sets = usable_instruction_sets();
        for (const auto set : sets) {
            INFO(geometry.in << " to " << geometry.out << " channels of " << geometry.height << " x " << geometry.width
                             << ", by " << name(set));
            const auto whole = by_stage(it, set, geometry.samples);
            CHECK(by_stage(it, set, 1) == whole);
            if (set != InstructionSet::portable) CHECK(whole == by_stage(it, sets.back(), 1));
        }
    }
}
