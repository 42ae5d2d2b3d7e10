#include "common/learning/int8/int8_network.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"
#include "tests/unit/learning/int8/random_networks.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

void check_against_judge(const QuantizedModel& model, std::size_t samples, std::uint64_t seed)
{
    const auto images = random_images(model.model.shape, model.layers.front().input, samples, seed);
    CHECK(logits_of(model, images.pixels) == judged_logits(model, images.pixels));
}

}  // namespace

TEST_CASE("Each kind of layer, alone and as it is fused, gives the codes of plain loops with sums of 64 bits")
{
    using namespace spec;
    const Shape grey{1, 12, 12, 5};
    const Shape colour{3, 11, 13, 4};
    const std::vector<std::pair<Shape, std::vector<Layer>>> cases{
        {grey, {Flatten{}, Linear{5}}},
        {grey, {Flatten{}, Linear{19}, Relu{}, Linear{5}}},
        {grey, {Flatten{}, Linear{33}, Relu{}, Relu{}, Linear{100}, Linear{5}}},
        {grey, {Relu{}, Flatten{}, Linear{5}, Relu{}}},
        {colour, {Flatten{}, Relu{}, Linear{4}}},
        {colour, {Conv2d{4, 3, 1, 0}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{16, 3, 1, 1}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{7, 5, 2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, MaxPool2d{2, 2}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 3, 1}, MaxPool2d{2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, MaxPool2d{3, 3}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{48, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{5, 3, 1, 1}, Relu{}, MaxPool2d{3, 2}, Flatten{}, Linear{4}}},
        {colour, {MaxPool2d{2, 1}, Conv2d{5, 1, 1, 0}, AvgPool2d{2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour,
         {Conv2d{20, 7, 1, 3}, Relu{}, MaxPool2d{2, 2}, Conv2d{33, 3, 2, 1}, Relu{}, Conv2d{9, 2, 1, 4}, Flatten{},
          Linear{4}}},
        {grey, {Relu{}, Conv2d{3, 3, 1, 0}, AvgPool2d{3, 1}, Conv2d{5, 8, 1, 0}, Flatten{}}},
        {grey, {Conv2d{32, 12, 1, 0}, Relu{}, Flatten{}, Linear{5}}},
        {{2, 40, 1, 6}, {AvgPool2d{1, 1}, Flatten{}, Linear{6}}},
        {{1, 6, 9, 12}, {Conv2d{2, 5, 1, 1}, Relu{}, Conv2d{2, 1, 1, 0}, MaxPool2d{2, 2}, Flatten{}, Linear{12}}},
        {{1, 3, 2, 6}, {Conv2d{1, 1, 1, 0}, Flatten{}}},
        {{2, 4, 6, 12}, {Conv2d{2, 1, 1, 0}, Relu{}, MaxPool2d{2, 2}, Flatten{}}},
        {colour, {Conv2d{18, 3, 1, 1}, Relu6{}, Dropout{}, Flatten{}, Linear{4}, Relu6{}}},
        {colour, {Conv2d{18, 3, 1, 1}, Relu6{}, MaxPool2d{2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Relu6{}, Flatten{}, Linear{4}}},
        {colour,
         {Relu6{}, Conv2d{5, 3, 1, 1}, MaxPool2d{3, 2}, Relu6{}, AvgPool2d{2, 1}, Relu6{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{5, 3, 1, 1, 0, 1, false}, Relu{}, GlobalAvgPool2d{}, Flatten{}, Linear{4}}},
        {colour, {GlobalAvgPool2d{}, Conv2d{4, 1}, Flatten{}}},
        {colour, {Conv2d{3, 3, 1, 1, 0, 3}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{3, 2, 3, 2, 0, 3}, MaxPool2d{2, 2}, Flatten{}, Linear{4}}},
        {colour,
         {Conv2d{40, 1}, Relu6{}, Conv2d{40, 5, 2, 2, 0, 40}, Relu6{}, GlobalAvgPool2d{}, Flatten{}, Linear{4}}},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto model = model_of(cases[i].second, cases[i].first);
        for (const auto scales : {Scales::per_tensor, Scales::per_channel})
            for (const std::size_t samples : {1, 3, 16}) {
                const std::uint64_t seed = 100 * i + samples;
                INFO("case " << i << ", " << samples << " samples, scales " << static_cast<int>(scales));
                check_against_judge(random_quantized(model, scales, seed), samples, seed);
            }
    }
}

TEST_CASE("Convolutions of all sizes, strides and paddings give the codes of plain loops")
{
    for (std::uint32_t kernel = 1; kernel <= 5; ++kernel)
        for (std::uint32_t stride = 1; stride <= 3; ++stride)
            for (std::uint32_t padding = 0; padding <= 2; ++padding) {
                const std::uint32_t channels = 1 + (7 * kernel + 5 * stride + 11 * padding) % 40;
                const auto model = model_of({spec::Conv2d{channels, kernel, stride, padding}, spec::Relu{},
                                             spec::Conv2d{3, 1, 1, 1}, spec::Flatten{}, spec::Linear{2}},
                                            {kernel % 4 + 1, 9 + stride, 8 + kernel, 2});
                INFO(kernel << ", " << stride << ", " << padding << ", " << channels << " channels");
                check_against_judge(random_quantized(model, Scales::per_channel, kernel), 2, stride);
            }
}

TEST_CASE("Depthwise convolutions of all sizes, strides and paddings give the codes of plain loops")
{
    for (std::uint32_t kernel = 1; kernel <= 5; ++kernel)
        for (std::uint32_t stride = 1; stride <= 3; ++stride)
            for (std::uint32_t padding = 0; padding <= 2; ++padding) {
                const std::uint32_t channels = 2 + (7 * kernel + 5 * stride + 11 * padding) % 40;
                const auto model =
                    model_of({spec::Conv2d{channels, kernel, stride, padding, 0, channels}, spec::Relu{},
                              spec::Conv2d{channels, 3, 1, 1, 0, channels}, spec::Flatten{}, spec::Linear{2}},
                             {channels, 9 + stride, 8 + kernel, 2});
                INFO(kernel << ", " << stride << ", " << padding << ", " << channels << " channels");
                check_against_judge(random_quantized(model, Scales::per_channel, kernel), 2, stride);
            }
}

TEST_CASE("Rows of all lengths are computed in tiles of all widths")
{
    for (std::uint32_t width = 2; width <= 30; ++width)
        for (const std::uint32_t channels : {16U, 32U, 56U}) {
            const auto plain =
                model_of({spec::Conv2d{channels, 1, 1, 0}, spec::AvgPool2d{2, 2}, spec::Flatten{}, spec::Linear{2}},
                         {2, 2, width, 2});
            const auto depthwise =
                model_of({spec::Conv2d{channels, 3, 1, 1, 0, channels}, spec::Flatten{}, spec::Linear{2}},
                         {channels, 2, width, 2});
            const auto pooled =
                model_of({spec::Conv2d{channels, 1, 1, 0}, spec::MaxPool2d{2, 2}, spec::Flatten{}, spec::Linear{2}},
                         {2, 2, width, 2});
            INFO(width << " wide, " << channels << " channels");
            check_against_judge(random_quantized(plain, Scales::per_channel, width), 1, width);
            check_against_judge(random_quantized(pooled, Scales::per_channel, width), 1, width);
            check_against_judge(random_quantized(depthwise, Scales::per_channel, width), 1, width);
        }
}

TEST_CASE("The models that come with Fedgram give the codes of plain loops")
{
    for (const auto* const name : {"small-cnn", "lenet5", "mlp"}) {
        INFO(name);
        const auto model = build_model({.name = name, .layers = {}, .torchscript = {}}, {});
        check_against_judge(random_quantized(model, Scales::per_channel, 1), 2, 1);
    }
}

TEST_CASE("A sample's logits don't depend on its batch")
{
    const auto model = random_quantized(model_of({spec::Conv2d{9, 3, 1, 1}, spec::Relu{}, spec::MaxPool2d{2, 2},
                                                  spec::Flatten{}, spec::Linear{20}, spec::Relu{}, spec::Linear{7}},
                                                 {1, 8, 8, 7}),
                                        Scales::per_channel, 5);
    const auto images = random_images(model.model.shape, model.layers.front().input, 131, 6);
    const auto together = logits_of(model, images.pixels);
    Int8Network network{model, int8::usable_instruction_sets().back()};
    std::vector<float> alone(together.size());
    for (std::size_t first = 0; first < 131; ++first)
        network.logits(std::span{images.pixels}.subspan(first * 64, 64), std::span{alone}.subspan(first * 7, 7));
    CHECK(alone == together);
}

TEST_CASE("A batch's score is that of its logits")
{
    const auto model = random_quantized(
        model_of({spec::Conv2d{6, 3, 1, 1}, spec::Relu{}, spec::Flatten{}, spec::Linear{5}}, {2, 5, 5, 5}),
        Scales::per_channel, 9);
    const auto images = random_images(model.model.shape, model.layers.front().input, 100, 10);
    const auto logits = logits_of(model, images.pixels);
    double loss = 0;
    std::uint64_t correct = 0;
    for (std::size_t sample = 0; sample < 100; ++sample) {
        const auto* const row = logits.data() + sample * 5;
        const auto label = static_cast<std::size_t>(images.labels[sample]);
        double sum = 0;
        for (std::size_t i = 0; i < 5; ++i) sum += std::exp(static_cast<double>(row[i]) - static_cast<double>(row[0]));
        loss += std::log(sum) - (static_cast<double>(row[label]) - static_cast<double>(row[0]));
        correct += std::max_element(row, row + 5) - row == images.labels[sample] ? 1 : 0;
    }
    for (const auto set : int8::usable_instruction_sets()) {
        const auto score = Int8Network{model, set}.evaluate(images.batch());
        CHECK(score.samples == 100);
        CHECK(score.correct == correct);
        CHECK(score.loss_sum == Approx(loss).epsilon(1e-5));
    }
}

TEST_CASE("Of classes with the same code the first one wins")
{
    // Codes 3, 7, 7: both labels 1 and 2 lose 7 - 7 and the logarithm of exp(-4) + 1 + 1.
    test::FloatBatch images;
    images.pixels = {3, 7, 7, 3, 7, 7};
    images.labels = {1, 2};
    const auto score = Int8Network{identity(3), int8::InstructionSet::portable}.evaluate(images.batch());
    CHECK(score.correct == 1);
    CHECK(score.loss_sum == Approx(2 * std::log(2 + std::exp(-4.0))));
}
