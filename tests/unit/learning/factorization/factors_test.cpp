#include "common/learning/factorization/factors.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/unit/learning/factorization/random_weights.hpp"

using namespace fedgram::learning;

namespace {

double square(double value) { return value * value; }

// The Euclidean distance of second x first from the weights.
double error_of(const LinearFactors& factors, std::span<const float> weights, std::size_t outputs, std::size_t inputs,
                std::size_t rank)
{
    double sum = 0;
    for (std::size_t out = 0; out < outputs; ++out)
        for (std::size_t in = 0; in < inputs; ++in) {
            double value = 0;
            for (std::size_t i = 0; i < rank; ++i)
                value += double{factors.second[out * rank + i]} * double{factors.first[i * inputs + in]};
            sum += square(value - double{weights[out * inputs + in]});
        }
    return std::sqrt(sum);
}

double dropped(std::span<const double> values, std::size_t rank)
{
    double sum = 0;
    for (std::size_t i = rank; i < values.size(); ++i) sum += square(values[i]);
    return sum;
}

// The Euclidean distance of the convolution that the three factors are from that of the weights.
double error_of(const ConvolutionFactors& factors, const Kernel4d& weights, ChannelRanks ranks)
{
    const std::size_t window = weights.kernel * weights.kernel;
    double sum = 0;
    for (std::size_t out = 0; out < weights.outputs; ++out)
        for (std::size_t in = 0; in < weights.inputs; ++in)
            for (std::size_t place = 0; place < window; ++place) {
                double value = 0;
                for (std::size_t a = 0; a < ranks.outputs; ++a)
                    for (std::size_t b = 0; b < ranks.inputs; ++b)
                        value += double{factors.last[out * ranks.outputs + a]} *
                                 double{factors.core[(a * ranks.inputs + b) * window + place]} *
                                 double{factors.first[b * weights.inputs + in]};
                sum += square(value - double{weights.values[(out * weights.inputs + in) * window + place]});
            }
    return std::sqrt(sum);
}

// The square of that distance for a depthwise and a 1x1 convolution.
double squared_error_of(const SeparableFactors& factors, const Kernel4d& weights)
{
    const std::size_t window = weights.kernel * weights.kernel;
    double sum = 0;
    for (std::size_t out = 0; out < weights.outputs; ++out)
        for (std::size_t in = 0; in < weights.inputs; ++in)
            for (std::size_t place = 0; place < window; ++place)
                sum += square(double{factors.pointwise[out * weights.inputs + in]} *
                                  double{factors.depthwise[in * window + place]} -
                              double{weights.values[(out * weights.inputs + in) * window + place]});
    return sum;
}

}  // namespace

TEST_CASE("At full rank, the factors of a linear layer are its weights but for rounding")
{
    const std::size_t outputs = 12;
    const std::size_t inputs = 30;
    const auto weights = random_weights(outputs * inputs, 3);
    const auto factors = linear_factors(decompose({outputs, inputs, {weights.begin(), weights.end()}}), outputs);
    CHECK(factors.first.size() == outputs * inputs);
    CHECK(factors.second.size() == outputs * outputs);
    CHECK(error_of(factors, weights, outputs, inputs, outputs) < 1e-5);
}

TEST_CASE("The error of a lower rank is the root of the squares that it drops")
{
    const std::size_t outputs = 20;
    const std::size_t inputs = 50;
    const auto weights = random_weights(outputs * inputs, 4);
    const auto decomposition = decompose({outputs, inputs, {weights.begin(), weights.end()}});
    for (const std::size_t rank : {1, 7, 19}) {
        INFO("rank " << rank);
        const auto factors = linear_factors(decomposition, rank);
        CHECK(error_of(factors, weights, outputs, inputs, rank) ==
              Approx(std::sqrt(dropped(decomposition.values, rank))).epsilon(1e-6));
    }
}

TEST_CASE("Both factors of a linear layer have the root of its singular values")
{
    // diag(9, 4): rows of the first and columns of the second factor are 3 and 2 long.
    const auto factors = linear_factors(decompose({2, 2, {9, 0, 0, 4}}), 2);
    CHECK(std::hypot(factors.first[0], factors.first[1]) == Approx(3));
    CHECK(std::hypot(factors.first[2], factors.first[3]) == Approx(2));
    CHECK(std::hypot(factors.second[0], factors.second[2]) == Approx(3));
    CHECK(std::hypot(factors.second[1], factors.second[3]) == Approx(2));
}

TEST_CASE("At full ranks, the three factors of a convolution are its weights but for rounding")
{
    const auto values = random_weights(8 * 5 * 9, 5);
    const Kernel4d weights{8, 5, 3, values};
    const ChannelRanks ranks{5, 8};
    const auto factors = tucker_factors(weights, channel_modes(weights), ranks);
    CHECK(factors.first.size() == 25);
    CHECK(factors.core.size() == 8 * 5 * 9);
    CHECK(factors.last.size() == 64);
    CHECK(error_of(factors, weights, ranks) < 1e-5);
}

TEST_CASE("Lower ranks of a convolution err by what the modes drop: by the larger at least, by both at most")
{
    const auto values = random_weights(10 * 6 * 25, 6);
    const Kernel4d weights{10, 6, 5, values};
    const auto modes = channel_modes(weights);
    for (const auto ranks : {ChannelRanks{2, 3}, ChannelRanks{6, 4}, ChannelRanks{5, 10}}) {
        INFO("ranks " << ranks.inputs << ", " << ranks.outputs);
        const double of_inputs = dropped(modes.inputs.values, ranks.inputs);
        const double of_outputs = dropped(modes.outputs.values, ranks.outputs);
        const double squared = square(error_of(tucker_factors(weights, modes, ranks), weights, ranks));
        CHECK(squared >= std::max(of_inputs, of_outputs) * (1 - 1e-6));
        CHECK(squared <= (of_inputs + of_outputs) * (1 + 1e-6));
    }
}

TEST_CASE("A separable convolution has the largest singular value of each input channel, its root in both factors")
{
    // By hand: one channel, whose two outputs have 9 and 4 at places of their own; 81 of 81 + 16 is kept.
    const std::vector<float> values{9, 0, 0, 0, 0, 4, 0, 0};
    const auto factors = separable_factors({2, 1, 2, values});
    REQUIRE(factors.depthwise.size() == 4);
    REQUIRE(factors.pointwise.size() == 2);
    CHECK(std::abs(factors.depthwise[0]) == Approx(3));
    CHECK(factors.pointwise[0] * factors.depthwise[0] == Approx(9));
    CHECK(factors.pointwise[1] == Approx(0).margin(1e-6));
    CHECK(factors.kept_energy == Approx(81.0 / 97));
    CHECK(squared_error_of(factors, {2, 1, 2, values}) == Approx(16));
}

TEST_CASE("A separable convolution errs by the other singular values of all input channels, and by none of rank 1")
{
    const std::size_t outputs = 7;
    const std::size_t inputs = 4;
    auto values = random_weights(outputs * inputs * 9, 21);
    const Kernel4d weights{outputs, inputs, 3, values};
    double rest = 0;
    double all = 0;
    for (std::size_t in = 0; in < inputs; ++in) {
        Matrix slice{outputs, 9, std::vector<double>(outputs * 9)};
        for (std::size_t out = 0; out < outputs; ++out)
            for (std::size_t place = 0; place < 9; ++place)
                slice.at(out, place) = double{values[(out * inputs + in) * 9 + place]};
        const auto of_slice = decompose(slice).values;
        rest += dropped(of_slice, 1);
        all += dropped(of_slice, 0);
    }
    const auto factors = separable_factors(weights);
    CHECK(squared_error_of(factors, weights) == Approx(rest).epsilon(1e-5));
    CHECK(factors.kept_energy == Approx(1 - rest / all));

    const auto a = random_weights(outputs * inputs, 22);
    const auto b = random_weights(inputs * 9, 23);
    for (std::size_t out = 0; out < outputs; ++out)
        for (std::size_t in = 0; in < inputs; ++in)
            for (std::size_t place = 0; place < 9; ++place)
                values[(out * inputs + in) * 9 + place] = a[out * inputs + in] * b[in * 9 + place];
    const auto exact = separable_factors(weights);
    CHECK(squared_error_of(exact, weights) < 1e-9);
    CHECK(exact.kept_energy == Approx(1));
}

TEST_CASE("A separable convolution of zeros is one of zeros, and keeps all there is")
{
    const std::vector<float> values(3 * 2 * 4);
    const auto factors = separable_factors({3, 2, 2, values});
    CHECK(factors.depthwise == std::vector<float>(8));
    CHECK(factors.pointwise == std::vector<float>(6));
    CHECK(factors.kept_energy == 1);
}
