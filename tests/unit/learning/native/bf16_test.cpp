#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/native/bf16_kernels.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/precision.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"
#include "tests/unit/learning/engine/reference_net.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using native::bf16_kernels;

namespace {

const native::Kernels& best_kernels() { return native::kernels(native::usable_instruction_sets().back()); }

// Whether this CPU can; says so where not.
bool can()
{
    if (!bf16_kernels()) WARN("not tested here: " << native::missing_for_bf16());
    return bf16_kernels() != nullptr;
}

float of_bits(std::uint32_t bits)
{
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

std::pair<float, float> numbers_of(float pair)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &pair, sizeof bits);
    return {of_bits(bits << 16), of_bits(bits & 0xFFFF0000U)};
}

std::vector<float> normal_numbers(std::size_t count, std::uint64_t seed)
{
    Stream stream{seed, Purpose::subset};
    std::vector<float> numbers(count);
    for (auto& number : numbers) number = static_cast<float>(stream.normal());
    return numbers;
}

// What a product's factors are: rounded numbers in double, k by k.
struct Factors {
    std::vector<std::vector<double>> a;  // [row][k]
    std::vector<std::vector<double>> b;  // [k][column]
};

// Rounding errors of float32: one for each of the terms and the start, each by half a unit of the largest partial sum.
void check_product(const native::Product& product, const Factors& factors, const std::vector<float>& start)
{
    for (std::size_t row = 0; row < product.rows; ++row)
        for (std::size_t column = 0; column < product.columns; ++column) {
            double sum = start[column];
            double magnitude = std::abs(sum);
            const auto terms = factors.b.size();
            for (std::size_t k = 0; k < terms; ++k) {
                sum += factors.a[row][k] * factors.b[k][column];
                magnitude += std::abs(factors.a[row][k] * factors.b[k][column]);
            }
            const double bound = static_cast<double>(terms + 1) * std::ldexp(magnitude, -24);
            CAPTURE(row, column, terms);
            CHECK(std::abs(product.c[row * product.c_stride + column] - sum) <= bound);
        }
}

// The rule of which products are rounded: linear layers, and convolutions with an even number of channels in a group on
// both sides; those that pass on few gradients, forward alone.
RoundingRule rule(RoundedProducts convolutions)
{
    return [convolutions](const LayerInfo& layer, std::span<const std::int64_t> in) {
        if (std::holds_alternative<spec::Linear>(layer.layer)) return RoundedProducts::all;
        const auto* const conv = std::get_if<spec::Conv2d>(&layer.layer);
        if (!conv || (conv->groups > 1 && conv->groups == in[0])) return RoundedProducts::none;
        const bool gives_pairs = convolutions == RoundedProducts::forward || conv->channels / conv->groups % 2 == 0;
        return in[0] / conv->groups % 2 == 0 && gives_pairs ? convolutions : RoundedProducts::none;
    };
}

Model model_of(std::vector<spec::Layer> layers, Shape shape)
{
    return build_model({.name = "case", .layers = std::move(layers), .torchscript = {}}, shape);
}

std::vector<float> gradient_of(const Model& model, const native::Bf16Kernels* bf16,
                               const std::vector<float>& parameters, const Batch& batch)
{
    native::Network network{model, best_kernels(), bf16};
    network.take(parameters);
    std::vector<float> gradient(model.parameters.size);
    (void)network.gradient(batch, gradient);
    return gradient;
}

// A number whose float32 differs from the double at the edge between two bfloat16 may be rounded to the other one:
// about one in 10,000, by 2^-8 of itself. In norm that is 4e-5, and a few times as much behind a normalization.
void check_gradient(const Model& model, std::size_t samples, RoundedProducts convolutions, double tolerance)
{
    const auto parameters = initial_parameters(model, 3);
    const auto data = noise(model.shape, samples, 5);
    const auto expected = reference_step(model, std::vector<double>(parameters.begin(), parameters.end()), data.pixels,
                                         data.labels, ReferenceMode::training, rule(convolutions));
    const auto gradient = gradient_of(model, bf16_kernels(), parameters, data.batch());
    for (const auto& slot : model.parameters.slots) {
        INFO(model.name << ", " << slot.name << ", " << samples << " samples");
        if (slot.is_trained) CHECK(distance(slot, gradient, expected.gradient) < tolerance);
    }
}

}  // namespace

TEST_CASE("Numbers are rounded to the nearest bfloat16, two to a pair")
{
    if (!can()) return;
    // 1 + 2^-8 and 1 + 3 x 2^-8 lie halfway between two of them: the even one is nearer. 2^-130 is subnormal.
    const std::vector<float> numbers{1 + std::ldexp(1.0F, -8), 1 + 3 * std::ldexp(1.0F, -8), -3.0F, 1.01F,
                                     std::ldexp(1.0F, -130)};
    std::vector<float> pairs(3);
    bf16_kernels()->pair_neighbours(numbers.data(), 5, pairs.data());
    CHECK(numbers_of(pairs[0]) == std::pair{1.0F, 1 + std::ldexp(1.0F, -6)});
    CHECK(numbers_of(pairs[1]) == std::pair{-3.0F, 1.0078125F});  // 1.01 lies between 129 / 128 and 130 / 128
    CHECK(numbers_of(pairs[2]) == std::pair{0.0F, 0.0F});

    for (const std::size_t count : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65}) {
        const auto many = normal_numbers(count, count);
        std::vector<float> made(native::pairs_of(count) + 1, 7);
        bf16_kernels()->pair_neighbours(many.data(), count, made.data());
        for (std::size_t i = 0; i < native::pairs_of(count); ++i) {
            CHECK(numbers_of(made[i]).first == to_bfloat16(many[2 * i]));
            CHECK(numbers_of(made[i]).second == (2 * i + 1 < count ? to_bfloat16(many[2 * i + 1]) : 0.0));
        }
        CHECK(made.back() == 7);  // nothing is written behind them
    }
}

TEST_CASE("Two rows become one of pairs, and an odd last row has zeros beside it")
{
    if (!can()) return;
    for (const auto& [rows, columns] : {std::pair{1U, 3U}, {2U, 16U}, {5U, 21U}, {4U, 33U}}) {
        const std::size_t stride = columns + 2;
        const auto matrix = normal_numbers(rows * stride, rows);
        std::vector<float> made(native::pairs_of(rows) * (columns + 1), 7);
        bf16_kernels()->pair_rows(matrix.data(), rows, columns, stride, made.data(), columns + 1);
        for (std::size_t row = 0; row < native::pairs_of(rows); ++row) {
            for (std::size_t i = 0; i < columns; ++i) {
                const auto [first, second] = numbers_of(made[row * (columns + 1) + i]);
                CHECK(first == to_bfloat16(matrix[2 * row * stride + i]));
                CHECK(second == (2 * row + 1 < rows ? to_bfloat16(matrix[(2 * row + 1) * stride + i]) : 0.0));
            }
            CHECK(made[row * (columns + 1) + columns] == 7);
        }
    }
}

TEST_CASE("A product of pairs is that of the rounded numbers, within float32's rounding of its sums")
{
    if (!can()) return;
    const auto& bf16 = *bf16_kernels();
    for (const auto& [rows, columns, terms] :
         {std::tuple{1U, 1U, 1U}, {3U, 16U, 2U}, {14U, 32U, 9U}, {15U, 33U, 24U}, {31U, 70U, 101U}}) {
        const auto a = normal_numbers(rows * terms, 1);
        const auto b = normal_numbers(terms * columns, 2);
        const auto start = normal_numbers(native::padded(columns), 3);
        Factors factors{{rows, std::vector<double>(terms)}, {terms, std::vector<double>(columns)}};
        for (std::size_t k = 0; k < terms; ++k) {
            for (std::size_t row = 0; row < rows; ++row) factors.a[row][k] = to_bfloat16(a[row * terms + k]);
            for (std::size_t i = 0; i < columns; ++i) factors.b[k][i] = to_bfloat16(b[k * columns + i]);
        }
        const auto pairs = native::pairs_of(terms);
        std::vector<float> b_pairs(pairs * columns + native::lane_block);
        bf16.pair_rows(b.data(), terms, columns, columns, b_pairs.data(), columns);
        std::vector<float> c(rows * columns);
        std::vector<float> a_pairs(rows * pairs);
        native::Product product;
        product.rows = rows;
        product.columns = columns;
        product.a = a_pairs.data();
        product.a_row_stride = pairs;
        product.segment_length = pairs;
        product.b = b_pairs.data();
        product.b_stride = columns;
        product.c = c.data();
        product.c_stride = columns;
        product.start_of_column = start.data();
        for (std::size_t row = 0; row < rows; ++row)
            bf16.pair_neighbours(a.data() + row * terms, terms, a_pairs.data() + row * pairs);
        bf16.product(product);
        check_product(product, factors, start);

        std::vector<float> turned(terms * rows);  // [k][row]
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t k = 0; k < terms; ++k) turned[k * rows + row] = a[row * terms + k];
        bf16.pair_rows(turned.data(), terms, rows, rows, a_pairs.data(), rows);
        product.a_row_stride = rows;
        std::ranges::fill(c, 0.0F);
        bf16.transposed_product(product);
        check_product(product, factors, start);
    }
}

TEST_CASE("In bf16 each kind of layer has the gradient of a naive network that rounds the factors of its products")
{
    if (!can()) return;
    using namespace spec;
    const Shape grey{1, 12, 12, 5};
    const Shape colour{4, 11, 13, 4};
    const std::vector<std::pair<Shape, std::vector<Layer>>> cases{
        {grey, {Flatten{}, Linear{5}}},
        {grey, {Flatten{}, Linear{33}, Relu{}, Linear{17}, Tanh{}, Linear{5}}},
        {{3, 5, 5, 4}, {Flatten{}, Linear{200}, Relu{}, Linear{1000}, Relu{}, Linear{4}}},
        {colour, {Conv2d{4, 3, 1, 0}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{7, 5, 2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Conv2d{5, 3, 2, 1}, Tanh{}, Flatten{}, Linear{4}}},
        {{3, 8, 8, 4},
         {Conv2d{6, 3, 1, 1}, Relu{}, Conv2d{9, 3, 1, 1}, Relu{}, Conv2d{4, 3, 1, 1}, Flatten{}, Linear{4}}},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO("case " << i);
        const auto model = model_of(cases[i].second, cases[i].first);
        for (const std::size_t samples : {1, 6, 35}) check_gradient(model, samples, RoundedProducts::forward, 2e-4);
    }
    // A stride that leads out of the image.
    check_gradient(
        model_of({Conv2d{.channels = 6, .kernel = 1, .stride = 3, .bias = false}, Flatten{}, Linear{4}}, {4, 2, 1, 4}),
        5, RoundedProducts::all, 2e-4);
    for (const auto& model : models_of_newer_layers())
        if (model.name != "first")  // whose convolutions are of both kinds
            for (const std::size_t samples : {2, 9})
                // One such number, behind four normalizations by the batch: without any rounding it is 0.1.
                check_gradient(model, samples, RoundedProducts::all, model.name == "batch-norm" ? 1e-2 : 2e-4);
}

TEST_CASE("A model trains in bf16 and is evaluated in float32")
{
    if (!can()) return;
    const auto engine = native::make_engine(native::usable_instruction_sets().back());
    const auto model = model_of_all_layers();
    const auto data = noise(model.shape, 20, 3);
    const auto parameters = initial_parameters(model, 1);
    const auto precise = engine->replica(model, {.learning_rate = 0.1});
    const auto rounded = engine->replica(model, {.learning_rate = 0.1, .precision = spec::Precision::bf16});
    precise->begin(parameters, 1);
    rounded->begin(parameters, 1);
    CHECK(rounded->evaluate(data.batch()).loss_sum == precise->evaluate(data.batch()).loss_sum);
    (void)rounded->step(data.batch(), 0.1);
    (void)precise->step(data.batch(), 0.1);
    CHECK(parameters_of(*rounded, model) != parameters_of(*precise, model));
    precise->begin(parameters_of(*rounded, model), 1);
    CHECK(rounded->evaluate(data.batch()).loss_sum == precise->evaluate(data.batch()).loss_sum);
}

TEST_CASE("A training in bf16 goes on from its state with the same bits")
{
    if (!can()) return;
    const auto engine = native::make_engine(native::usable_instruction_sets().back());
    const spec::Optimizer optimizer{.momentum = 0.9, .precision = spec::Precision::bf16};
    for (const auto& model : models_of_newer_layers()) {
        const auto data = noise(model.shape, 12, 3);
        const auto whole = engine->replica(model, optimizer);
        whole->begin(initial_parameters(model, 1), 1);
        (void)whole->step(data.batch(), 0.1);
        const auto resumed = engine->replica(model, optimizer);
        resumed->restore(whole->state());
        for (auto* const replica : {whole.get(), resumed.get()}) (void)replica->step(data.batch(), 0.1);
        CHECK(parameters_of(*resumed, model) == parameters_of(*whole, model));
    }
}

TEST_CASE("A training whose precision this CPU lacks is refused by its key")
{
    spec::Training training{"fl", spec::Federated{}};
    CHECK_NOTHROW(check_precision(training));
    std::get<spec::Federated>(training.kind).optimizer.precision = spec::Precision::bf16;
    if (bf16_kernels()) {
        CHECK(native::missing_for_bf16().empty());
        CHECK_NOTHROW(check_precision(training));
        return;
    }
    CHECK_THROWS_AS(check_precision(training), SystemError);
    CHECK_THROWS_WITH(
        check_precision(training),
        "trainings.fl.precision: \"bf16\" takes a CPU with AVX-512 and its BF16 instructions (avx512_bf16 "
        "in /proc/cpuinfo), which this one lacks; use \"float32\" or another machine");
    const auto engine = native::make_engine(native::usable_instruction_sets().back());
    CHECK_THROWS_AS(engine->replica(model_of_all_layers(), {.precision = spec::Precision::bf16}), SystemError);
}
