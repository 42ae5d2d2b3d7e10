#pragma once

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "common/learning/levers/candidate.hpp"
#include "common/learning/levers/workbench.hpp"
#include "common/random/stream.hpp"

namespace fedgram::test {

/// Images of 8 x 8 pixels in four classes: a bright quarter on noise. A small convolutional model tells them apart
/// after some epochs.
class Quarters {
public:
    explicit Quarters(std::size_t count, std::uint64_t seed) : pixels_(count * 64), labels_(count)
    {
        Stream stream{seed, Purpose::synthetic_data};
        for (std::size_t i = 0; i < count; ++i) {
            labels_[i] = static_cast<std::uint8_t>(i % 4);
            for (std::size_t row = 0; row < 8; ++row)
                for (std::size_t column = 0; column < 8; ++column) {
                    const bool bright = (row / 4) * 2 + column / 4 == labels_[i];
                    pixels_[i * 64 + row * 8 + column] =
                        static_cast<std::uint8_t>(stream.below(160) + (bright ? 90 : 0));
                }
        }
    }
    [[nodiscard]] learning::Samples samples() const { return {pixels_, labels_}; }

private:
    std::vector<std::uint8_t> pixels_;
    std::vector<std::uint8_t> labels_;
};

inline const learning::Shape quarter_shape{1, 8, 8, 4};

/// Two convolutions and two linear layers.
inline spec::ModelSpec quarter_model()
{
    return {.name = "quarters",
            .layers = {spec::Conv2d{.channels = 6, .kernel = 3, .padding = 1}, spec::Relu{}, spec::MaxPool2d{2, 2},
                       spec::Conv2d{.channels = 8, .kernel = 3}, spec::Relu{}, spec::Flatten{}, spec::Linear{12},
                       spec::Relu{}, spec::Linear{4}}};
}

/// Batch normalizations, a residual without a shortcut and one with it, a depthwise convolution without a bias, ReLU6
/// and dropout.
inline spec::ModelSpec quarter_residuals()
{
    using namespace spec;
    const auto conv = [](std::uint32_t kernel, std::uint32_t stride) {
        return Conv2d{.channels = 6, .kernel = kernel, .stride = stride, .padding = kernel / 2};
    };
    const Conv2d depthwise{.channels = 6, .kernel = 3, .padding = 1, .groups = 6, .bias = false};
    return {.name = "residual quarters",
            .layers = {conv(3, 1), BatchNorm{}, Relu{},
                       Residual{.layers = {depthwise, BatchNorm{}, Relu6{}, conv(1, 1), BatchNorm{}}}, Relu{},
                       Residual{.layers = {conv(3, 2), BatchNorm{}}, .shortcut = {conv(1, 2)}}, Relu6{}, Dropout{0.1},
                       AvgPool2d{2, 2}, Flatten{}, Linear{4}}};
}

/// A bench with data, and a candidate that has been trained on it.
struct LeverBench {
    explicit LeverBench(const spec::ModelSpec& model = quarter_model())
        : train{200, 1},
          test{100, 2},
          indices(200),
          bench{setting()},
          candidate{model, learning::build_model(model, quarter_shape), {}}
    {
        candidate.parameters = learning::initial_parameters(candidate.model, 1);
        bench.tune(candidate.model, candidate.parameters, {.epochs = 6});
    }

    [[nodiscard]] double accuracy() const { return bench.evaluate(candidate.model, candidate.parameters).accuracy; }

    Quarters train;
    Quarters test;
    std::vector<std::uint32_t> indices;
    learning::Workbench bench;
    learning::Candidate candidate;

private:
    [[nodiscard]] learning::WorkbenchSetting setting()
    {
        std::iota(indices.begin(), indices.end(), 0U);
        learning::WorkbenchSetting setting;
        setting.train = train.samples();
        setting.test = test.samples();
        setting.indices = indices;
        setting.normalization = {{0.5}, {0.25}};
        setting.optimizer = {.learning_rate = 0.05, .momentum = 0.9};
        setting.batch_size = 16;
        return setting;
    }
};

/// The text of an exception that is thrown, or "nothing".
template <class Exception, class Call>
std::string thrown(Call call)
{
    try {
        call();
    } catch (const Exception& error) {
        return error.what();
    }
    return "nothing";
}

}  // namespace fedgram::test
