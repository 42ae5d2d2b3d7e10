#include "common/learning/coordinates/coordinate_check.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <catch2/catch.hpp>

#include "common/learning/native/layer_outputs.hpp"
#include "common/random/stream.hpp"
#include "tests/support/float_batch.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

/// 256 noisy images of four classes, 8 x 8 pixels.
struct NoisyImages {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    std::vector<std::uint32_t> indices;

    NoisyImages() : pixels(256 * 64), labels(256), indices(256)
    {
        Stream stream{1, Purpose::synthetic_data};
        std::vector<double> prototypes(4 * 64);
        for (auto& pixel : prototypes) pixel = stream.uniform() * 200;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            labels[i] = static_cast<std::uint8_t>(stream.below(4));
            for (std::size_t pixel = 0; pixel < 64; ++pixel)
                pixels[i * 64 + pixel] =
                    static_cast<std::uint8_t>(prototypes[labels[i] * 64U + pixel] + stream.uniform() * 50);
        }
        std::iota(indices.begin(), indices.end(), 0U);
    }

    [[nodiscard]] Samples samples() const { return {pixels, labels}; }
};

CoordinateTrial trial(std::vector<spec::Layer> layers, const spec::Optimizer& optimizer)
{
    return {.layers = std::move(layers),
            .shape = {1, 8, 8, 4},
            .widths = {0.25, 1, 4},
            .steps = 3,
            .batch_size = 32,
            .optimizer = optimizer,
            .seed = 1,
            .seeds = 5};
}

const std::vector<spec::Layer> mlp{spec::Flatten{},  spec::Linear{64}, spec::Relu{},
                                   spec::Linear{64}, spec::Relu{},     spec::Linear{4}};
const std::vector<spec::Layer> cnn{spec::Conv2d{16, 3, 1, 1}, spec::Relu{}, spec::MaxPool2d{2, 2},
                                   spec::Conv2d{16, 3, 1, 1}, spec::Relu{}, spec::Flatten{},
                                   spec::Linear{32},          spec::Relu{}, spec::Linear{4}};
const spec::Normalization normalization{{0.4}, {0.3}};

std::vector<LayerCoordinates> checked(const std::vector<spec::Layer>& layers, const spec::Optimizer& optimizer,
                                      spec::Parametrization parametrization)
{
    static const NoisyImages images;
    return coordinates(trial(layers, optimizer), parametrization, images.samples(), images.indices, normalization);
}

}  // namespace

TEST_CASE("Over sixteen-fold widths outputs stay as large by muP, and grow by the standard parametrization")
{
    for (const auto& layers : {mlp, cnn})
        for (const auto& optimizer :
             {spec::Optimizer{.learning_rate = 1}, spec::Optimizer{.learning_rate = 0.5, .momentum = 0.9},
              spec::Optimizer{.kind = spec::OptimizerKind::adam, .learning_rate = 0.01}}) {
            const auto flat = largest_change(checked(layers, optimizer, spec::Parametrization::mup));
            const auto grown = largest_change(checked(layers, optimizer, spec::Parametrization::standard));
            CAPTURE(layers.size(), static_cast<int>(optimizer.kind), optimizer.momentum, flat.layer, flat.growth,
                    grown.layer, grown.growth);
            CHECK(flat.is_flat());
            CHECK(grown.growth > 2);
        }
}

TEST_CASE("A coordinate check has each layer with weights, step and width, and is the same each time")
{
    const spec::Optimizer optimizer{.learning_rate = 0.2};
    const auto layers = checked(cnn, optimizer, spec::Parametrization::mup);
    REQUIRE(layers.size() == 4);
    CHECK(layers[0].layer == "conv1");
    CHECK(layers[1].layer == "conv2");
    CHECK(layers[2].layer == "fc1");
    CHECK(layers[3].layer == "fc2");
    const auto again = checked(cnn, optimizer, spec::Parametrization::mup);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        REQUIRE(layers[i].by_steps.size() == 4);
        REQUIRE(layers[i].by_steps[0].size() == 3);
        CHECK(layers[i].by_steps == again[i].by_steps);
    }
    // At its base's width a model is the same by both.
    const auto standard = checked(cnn, optimizer, spec::Parametrization::standard);
    for (std::size_t i = 0; i < layers.size(); ++i)
        for (std::size_t steps = 0; steps < 4; ++steps)
            CHECK(layers[i].by_steps[steps][1] == standard[i].by_steps[steps][1]);
}

TEST_CASE("More steps than an epoch has go through the same batches again")
{
    const NoisyImages images;
    auto small = trial(mlp, {.learning_rate = 0.01});
    small.batch_size = 7;
    const std::vector<std::uint32_t> ten(images.indices.begin(), images.indices.begin() + 10);
    const auto layers = coordinates(small, spec::Parametrization::mup, images.samples(), ten, normalization);
    CHECK(std::isfinite(layers.back().by_steps[3][0]));
}

TEST_CASE("A layer's outputs are looked at before its activation")
{
    // Two pixels of 1 and 3. fc1 gives -1 and 1 + 3 = 4, behind the ReLU 0 and 4; fc2 gives 0.5 x 4 - 1 = 1.
    const auto model = build_model({.name = "tiny",
                                    .layers = {spec::Flatten{}, spec::Linear{2}, spec::Relu{}, spec::Linear{1}},
                                    .torchscript = {}},
                                   {1, 1, 2, 1});
    const std::vector<float> parameters{-1, 0, 1, 1, 0, 0, 7, 0.5, -1};
    test::FloatBatch batch;
    batch.pixels = {1, 3};
    batch.labels = {0};
    const auto outputs = native::layer_outputs(model, parameters, batch.batch());
    REQUIRE(outputs.size() == 2);
    CHECK(outputs[0].layer == "fc1");
    CHECK(outputs[0].mean_magnitude == 2.5);
    CHECK(outputs[1].mean_magnitude == 1);
}

TEST_CASE("An image's outputs are looked at without the border of the next layer")
{
    // One pixel of 2 under a 1 x 1 filter of 3, then a padded 3 x 3 one whose middle is 1.
    const auto model =
        build_model({.name = "tiny",
                     .layers = {spec::Conv2d{1, 1}, spec::Conv2d{1, 3, 1, 1}, spec::Flatten{}, spec::Linear{1}},
                     .torchscript = {}},
                    {1, 1, 1, 1});
    const std::vector<float> parameters{3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0.5, 0};
    test::FloatBatch batch;
    batch.pixels = {2};
    batch.labels = {0};
    const auto outputs = native::layer_outputs(model, parameters, batch.batch());
    REQUIRE(outputs.size() == 3);
    CHECK(outputs[0].mean_magnitude == 6);
    CHECK(outputs[1].mean_magnitude == 5);
    CHECK(outputs[2].mean_magnitude == 2.5);
}

TEST_CASE("The largest change is the one that is farthest from none, either way, and a divergence above all")
{
    // Of fc1: first to last width by two, then by eight: by four in the mean.
    const auto of = [](double first, double last) {
        return largest_change({{"conv1", {{1, 9}, {1, 1.5}, {1, 1.5}}}, {"fc1", {{1, 1}, {1, 2}, {first, last}}}});
    };
    CHECK(of(1, 1).layer == "conv1");
    CHECK(of(1, 1).growth == Approx(1.5));
    CHECK(of(1, 1).is_flat());
    CHECK(of(1, 8).layer == "fc1");
    CHECK(of(1, 8).growth == Approx(4));
    CHECK_FALSE(of(1, 8).is_flat());
    CHECK(of(32, 1).growth == Approx(0.25));
    CHECK_FALSE(of(32, 1).is_flat());
    CHECK_FALSE(of(1, std::numeric_limits<double>::quiet_NaN()).is_flat());
    CHECK_FALSE(of(1, std::numeric_limits<double>::infinity()).is_flat());
}
