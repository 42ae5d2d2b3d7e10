// How many samples a second of CPU time the int8 engine evaluates on one core, beside the native engine's float32: by
// instruction set, one by one and in batches of 64; and, by the best, how many it gives the logits of, from floats in
// memory and without a score. Images are noise and weights random: neither changes the time. int8 runs a model without
// its batch normalizations, which are folded into its convolutions; float32 runs it without and with them.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/learning/int8/int8_network.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/random/stream.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace {

using namespace fedgram;
using namespace fedgram::learning;

constexpr std::size_t held_images = 128;
constexpr std::array<std::size_t, 2> batches{1, 64};

/// Uniform floats that an engine copies, as it would those of a dataset.
class NoiseImages final : public Images {
public:
    explicit NoiseImages(const Shape& shape)
        : size_{std::size_t{shape.channels} * shape.height * shape.width}, pixels_(held_images * size_)
    {
        Stream stream{1, Purpose::synthetic_data};
        for (auto& pixel : pixels_) pixel = static_cast<float>(stream.uniform());
    }

    void write(std::size_t index, float* to) const override { std::copy_n(pixels_.data() + index * size_, size_, to); }

    [[nodiscard]] std::span<const float> pixels(std::size_t first, std::size_t count) const
    {
        return std::span{pixels_}.subspan(first * size_, count * size_);
    }

private:
    std::size_t size_;
    std::vector<float> pixels_;
};

void drop_normalizations(std::vector<spec::Layer>& layers)
{
    std::erase_if(layers, [](const auto& layer) { return std::holds_alternative<spec::BatchNorm>(layer); });
    for (auto& layer : layers)
        if (auto* const residual = std::get_if<spec::Residual>(&layer)) {
            drop_normalizations(residual->layers);
            drop_normalizations(residual->shortcut);
        }
}

QuantizedModel random_model(const Model& model)
{
    Stream stream{1, Purpose::initial_parameters};
    QuantizedModel quantized{.model = model, .layers = {}};
    for (const auto* const info : all_layers(model)) {
        if (std::holds_alternative<spec::Residual>(info->layer)) quantized.additions.emplace_back();
        if (info->parameters == 0) continue;
        QuantizedLayer layer;
        layer.biases.resize(static_cast<std::size_t>(info->output_shape.front()));
        layer.weights.resize(info->parameters - layer.biases.size());
        for (auto& weight : layer.weights) weight = static_cast<std::int8_t>(static_cast<int>(stream.below(255)) - 127);
        layer.weight_scales.assign(layer.biases.size(), 0.001F);
        quantized.layers.push_back(std::move(layer));
    }
    return quantized;
}

/// One way to evaluate a model, and its CPU seconds a sample, by batch size, in each turn.
struct Contender {
    std::string precision;
    std::string instruction_set;
    std::function<Score(const Batch&)> evaluate;
    std::array<std::vector<double>, batches.size()> seconds{};

    [[nodiscard]] double median(std::size_t batch)
    {
        auto& all = seconds[batch];
        std::sort(all.begin(), all.end());
        return all[all.size() / 2];
    }
};

void add_floats(const std::string& precision, const Model& model, std::vector<Contender>& all)
{
    for (const auto set : native::usable_instruction_sets()) {
        const std::shared_ptr<Replica> replica = native::make_engine(set)->replica(model, {});
        replica->begin(initial_parameters(model, 1), 1);
        all.push_back({precision, std::string{native::name(set)},
                       [replica](const Batch& batch) { return replica->evaluate(batch); }});
    }
}

std::vector<Contender> contenders(const Model& whole, const Model& model, const NoiseImages& images)
{
    std::vector<Contender> all;
    if (whole.layers.size() != model.layers.size()) add_floats("batch norm", whole, all);
    add_floats("float32", model, all);
    for (const auto set : int8::usable_instruction_sets()) {
        const auto network = std::make_shared<Int8Network>(random_model(model), set);
        all.push_back(
            {"int8", std::string{int8::name(set)}, [network](const Batch& batch) { return network->evaluate(batch); }});
    }
    const auto best = int8::usable_instruction_sets().back();
    const auto network = std::make_shared<Int8Network>(random_model(model), best);
    const auto logits = std::make_shared<std::vector<float>>(held_images * model.shape.classes);
    all.push_back({"int8 logits", std::string{int8::name(best)}, [&images, network, logits](const Batch& batch) {
                       const std::size_t samples = batch.labels.size();
                       network->logits(images.pixels(batch.first_image, samples),
                                       std::span{*logits}.first(logits->size() / held_images * samples));
                       return Score{};
                   }});
    return all;
}

void measure(const std::string& name, const Shape& shape, std::size_t turns)
{
    const auto whole = build_model({.name = name, .layers = {}, .torchscript = {}}, shape);
    auto layers = builtin_layers(name, shape.classes).value();
    drop_normalizations(layers);
    const auto model = build_model({.name = name, .layers = std::move(layers), .torchscript = {}}, shape);
    const NoiseImages images{model.shape};
    const std::vector<std::int64_t> labels(held_images, 0);
    const Batch data{images, labels};
    auto all = contenders(whole, model, images);
    const auto pass = [&](const Contender& contender, std::size_t batch) {
        return bench::cpu_seconds_of([&] {
                   for (std::size_t first = 0; first < held_images; first += batch)
                       (void)contender.evaluate(data.part(first, batch));
               }) /
               held_images;
    };
    for (std::size_t turn = 0; turn <= turns; ++turn)
        for (std::size_t batch = 0; batch < batches.size(); ++batch)
            for (auto& contender : all) {
                const double seconds = pass(contender, batches[batch]);
                if (turn > 0) contender.seconds[batch].push_back(seconds);  // the first one is cold
            }

    std::printf("%s, %u x %u x %u, samples per CPU second, medians of %zu turns\n%-13s%-14s", name.c_str(),
                shape.channels, shape.height, shape.width, turns, "", "");
    for (const auto batch : batches) std::printf("%8s %3zu%10s", "batch", batch, "ratio");
    std::printf("\n");
    for (auto& contender : all) {
        std::printf("%-13s%-14s", contender.precision.c_str(), contender.instruction_set.c_str());
        for (std::size_t batch = 0; batch < batches.size(); ++batch) {
            // Beside float32 by the same registers: those of AVX-512 also for VNNI.
            auto& yardstick = *std::find_if(all.rbegin(), all.rend(), [&](const Contender& other) {
                return other.precision == "float32" && contender.instruction_set.starts_with(other.instruction_set);
            });
            const double seconds = contender.median(batch);
            std::printf("%12.0f%10.2f", 1 / seconds, yardstick.median(batch) / seconds);
        }
        std::printf("\n");
    }
}

}  // namespace

int main(int argc, char** argv)
{
    std::string model = "small-cnn";
    std::uint32_t channels = 1;
    std::uint32_t side = 28;
    std::size_t turns = 101;
    CLI::App app{"Samples a second of the int8 engine on one core, beside float32", "fedgram-int8-speed"};
    app.add_option("--model", model, "built-in model")->capture_default_str();
    app.add_option("--channels", channels, "of an image")->capture_default_str();
    app.add_option("--side", side, "an image's height and width, in pixels")->capture_default_str();
    app.add_option("--turns", turns, "how often each is measured, in turn")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-int8-speed", [&] { measure(model, {channels, side, side, 10}, turns); });
}
