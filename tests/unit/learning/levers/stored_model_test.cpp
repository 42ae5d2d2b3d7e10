#include "common/learning/levers/stored_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/int8/int8_network.hpp"
#include "common/learning/levers/inference_work.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/model_figures.hpp"
#include "common/learning/pruning/magnitude_mask.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/quantize_model.hpp"
#include "tests/unit/learning/levers/lever_bench.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;
using Catch::Matchers::Contains;

namespace {

std::vector<float> logits_of(const Candidate& candidate, const Workbench& bench)
{
    if (!candidate.int8) return bench.outputs(candidate.model, candidate.parameters, 50);
    std::vector<float> logits(50 * 4);
    Int8Network network{*candidate.int8, int8::usable_instruction_sets().front()};
    network.logits(bench.inputs(candidate.model, 50), logits);
    return logits;
}

std::map<std::string, std::string> encodings_of(const ModelFile& file)
{
    std::map<std::string, std::string> encodings;
    for (const auto& tensor : file.tensors) encodings[tensor.name] = tensor.encoding;
    return encodings;
}

}  // namespace

TEST_CASE("A model's file gives the same logits back, however its weights are written", "[levers]")
{
    const auto plain = quarter_model();
    const std::vector<std::pair<spec::ModelSpec, std::vector<spec::Lever>>> pipelines{
        {plain, {}},
        {plain, {spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}}},
        {plain, {spec::PruneFilters{.tuning = {.epochs = 0}}}},
        {plain, {spec::Prune{.sparsity = 0.8, .tuning = {.epochs = 0}}, spec::ShareWeights{.tuning = {.epochs = 1}}}},
        {plain, {spec::Quantize{}}},
        {plain, {spec::Quantize{.type = spec::QuantizedType::fp16}}},
        {plain, {spec::Quantize{.type = spec::QuantizedType::bf16}}},
        {plain, {spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}, spec::Quantize{}}},
        {plain,
         {spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}},
          spec::Quantize{.weights = spec::QuantizerScope::tensor}}},
        {plain,
         {spec::Prune{.sparsity = 0.7, .tuning = {.epochs = 0}}, spec::Quantize{.type = spec::QuantizedType::fp16}}},
        {plain,
         {spec::Prune{.sparsity = 0.95, .tuning = {.epochs = 0}}, spec::Quantize{.type = spec::QuantizedType::bf16}}},
        {quarter_residuals(), {spec::Quantize{}}},
        {quarter_residuals(), {spec::Quantize{.tuning = {.epochs = 1}}}},
        {quarter_residuals(), {spec::Prune{.sparsity = 0.5, .tuning = {.epochs = 0}}, spec::Quantize{}}}};
    for (const auto& [model, levers] : pipelines) {
        LeverBench on{model};
        for (const auto& lever : levers)
            std::visit([&](const auto& kind) { apply(kind, on.candidate, on.bench); }, lever);
        CAPTURE(levers.empty() ? "none" : spec::words(levers.back()));
        const auto bytes = encode(stored_model(on.candidate));
        CHECK(bytes.size() == model_figures(on.candidate, on.bench).stored_bytes);
        const auto back = restored(decode_model_file(bytes, "it"));
        CHECK(logits_of(back, on.bench) == logits_of(on.candidate, on.bench));
    }
}

TEST_CASE("A tensor is written in the encoding that takes the fewest bytes, by name", "[levers]")
{
    LeverBench on;
    CHECK(encodings_of(stored_model(on.candidate)).at("fc1.weight") == "dense");
    apply(spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}, on.candidate, on.bench);
    auto encodings = encodings_of(stored_model(on.candidate));
    CHECK(encodings.at("fc1.weight") != "dense");
    CHECK(encodings.at("fc1.bias") == "dense");
    apply(spec::ShareWeights{.tuning = {.epochs = 0}}, on.candidate, on.bench);
    encodings = encodings_of(stored_model(on.candidate));
    CHECK(encodings.at("fc1.weight") == "shared");
    CHECK(encodings.at("fc1.bias") == "dense");
}

TEST_CASE("Pruned weights in int8 or in halves are written without their zeros", "[levers]")
{
    // small-cnn as it is drawn, dense or 90 % pruned: the figures of the README.
    using Figures = std::pair<std::uint64_t, std::string>;
    const auto figures = [](double sparsity, const auto& encode) {
        Candidate candidate{{.name = "small-cnn"}, build_model({.name = "small-cnn"}, {}), {}};
        candidate.parameters = initial_parameters(candidate.model, 1);
        const auto& table = candidate.model.parameters;
        pruned_to(table, candidate.parameters, Mask{table}, sparsity, spec::PruningScope::global)
            .apply(candidate.parameters);
        encode(candidate);
        const auto file = stored_model(candidate);
        return Figures{file_bytes(file), encodings_of(file).at("fc1.weight")};
    };
    const auto float32 = [](Candidate&) {};
    const auto int8 = [](Candidate& candidate) {
        std::vector<ValueRange> ranges{{-1, 1}};
        for (const auto& layer : fused_layers(candidate.model)) ranges.push_back({layer.has_relu() ? 0.0F : -4.0F, 5});
        candidate.int8 = quantize_model(candidate.model, candidate.parameters, ranges, WeightScales::per_channel);
    };
    const auto fp16 = [](Candidate& candidate) { candidate.rounded_to = spec::QuantizedType::fp16; };
    CHECK(figures(0, float32) == Figures{828'111, "dense"});
    CHECK(figures(0.9, float32) == Figures{100'066, "relative-5"});
    CHECK(figures(0, int8) == Figures{208'890, "int8-per-channel"});
    CHECK(figures(0.9, int8) == Figures{35'617, "int8-per-channel relative-5"});
    CHECK(figures(0, fp16) == Figures{414'259, "fp16"});
    CHECK(figures(0.9, fp16) == Figures{56'071, "fp16 relative-5"});
}

TEST_CASE("A sparse tensor of int8 codes that is damaged is refused by name", "[levers]")
{
    LeverBench on;
    apply(spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}, on.candidate, on.bench);
    apply(spec::Quantize{}, on.candidate, on.bench);
    const auto good = stored_model(on.candidate);
    const auto place = static_cast<std::size_t>(std::ranges::find(good.tensors, "fc1.weight", &StoredTensor::name) -
                                                good.tensors.begin());
    REQUIRE(good.tensors[place].encoding.starts_with("int8-per-channel "));
    const auto refusal = [&](const auto& damage) {
        auto file = good;
        damage(file.tensors[place]);
        return thrown<DataError>([&] { static_cast<void>(restored(file)); });
    };
    CHECK_THAT(refusal([](auto& tensor) { tensor.encoding = "int8-per-channel bitmaps"; }),
               Contains("fc1.weight: the encoding \"int8-per-channel bitmaps\" isn't known"));
    CHECK_THAT(refusal([](auto& tensor) { tensor.encoding = "int8-per-channel dense"; }), Contains("isn't known"));
    CHECK_THAT(refusal([](auto& tensor) { tensor.encoding = "int4 bitmap"; }), Contains("isn't known"));
    CHECK_THAT(refusal([](auto& tensor) { tensor.bytes.pop_back(); }),
               Contains("fc1.weight: has ") && Contains("bytes of values"));
    CHECK(refusal([](auto& tensor) { tensor.bytes.resize(7); }) ==
          "fc1.weight: has 7 bytes, fewer than the 48 of its scales");
    CHECK_THAT(refusal([](auto& tensor) { tensor.bytes.back() = std::byte{0}; }), Contains("fc1.weight: has a 0 as"));
    CHECK_THAT(refusal([](auto& tensor) { tensor.bytes.back() = std::byte{0x80}; }), Contains("has the code -128"));
    CHECK(refusal([](auto& tensor) {
              tensor.shape = {0xffffffff, 0xffffffff};
          }) == "its tensor 8, fc1.weight, isn't fc1.weight of a model of its layers");
    CHECK_THAT(refusal([](auto& tensor) {
                   tensor = {"huge", "int8 relative-8", {0xffffffff, 0xffffffff}, {}};
               }),
               Contains("huge: stands where fc1.weight must"));
}

TEST_CASE("A file whose tensors are another model's is refused by name", "[levers]")
{
    LeverBench on;
    auto file = stored_model(on.candidate);
    std::swap(file.tensors[0], file.tensors[2]);
    CHECK_THROWS_WITH(restored(file), "its tensor 1, conv2.weight, isn't conv1.weight of a model of its layers");
    file.tensors.pop_back();
    CHECK_THROWS_AS(restored(file), DataError);
}

TEST_CASE("Pruned weights take fewer bytes, and save a dense device no operation", "[levers]")
{
    LeverBench on;
    const auto before = model_figures(on.candidate, on.bench);
    apply(spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}, on.candidate, on.bench);
    const auto after = model_figures(on.candidate, on.bench);
    CHECK(after.inference == before.inference);
    CHECK(after.stored_bytes < before.stored_bytes / 2);
    CHECK(after.update_bytes == after.kept * 4);
    CHECK(after.kept < after.parameters / 5);
}

TEST_CASE("In int8 a model with residuals answers about as well, and its additions move bytes", "[levers]")
{
    LeverBench on{quarter_residuals()};
    const auto before = model_figures(on.candidate, on.bench);
    const auto float_logits = logits_of(on.candidate, on.bench);
    apply(spec::Quantize{}, on.candidate, on.bench);
    const auto after = model_figures(on.candidate, on.bench);
    const auto int8_logits = logits_of(on.candidate, on.bench);
    double error = 0;
    for (std::size_t i = 0; i < int8_logits.size(); ++i)
        error += std::abs(double{int8_logits[i]} - double{float_logits[i]}) / static_cast<double>(int8_logits.size());
    const double step = on.candidate.int8->layers.back().output.scale;
    CHECK(error < 2 * step);
    CHECK(error > 0.2 * step);  // a logit's own rounding is 0.25 of it
    CHECK(after.accuracy > before.accuracy - 0.05);
    CHECK(after.parameters < before.parameters);
    CHECK(after.inference.int8_ops == before.inference.float_ops);
    // By hand, values read and written: conv1 448, ReLU 768, depthwise 18 x 768, ReLU6 768, 1 x 1 768, sum 1,152, ReLU
    // 768; both convolutions of stride 2 480, sum 288, ReLU6 192, dropout 192; pooling 120, linear 28.
    CHECK(after.inference.memory_bytes == 448 + 768 + 13'824 + 768 + 768 + 1'152 + 768 + 2 * 480 + 288 + 192 + 192 +
                                              120 + 28 + after.inference.weight_bytes);
    // By hand: weights 54 + 54 + 36 + 324 + 36 + 96, 34 channels of a scale and a bias, and 9 quantizers.
    CHECK(after.inference.weight_bytes == 600 + 34 * 8 + 9 * 5);
}

TEST_CASE("In int8 operations are of another type, and bytes fewer, but not by four", "[levers]")
{
    LeverBench on;
    const auto before = inference_work(on.candidate);
    apply(spec::Quantize{}, on.candidate, on.bench);
    const auto after = inference_work(on.candidate);
    CHECK(after.float_ops == 0);
    CHECK(after.int8_ops == before.float_ops);
    CHECK(after.peak_activation_bytes == before.peak_activation_bytes / 4);
    CHECK(after.memory_bytes > before.memory_bytes / 4);
    CHECK(after.memory_bytes < before.memory_bytes / 3);
}
