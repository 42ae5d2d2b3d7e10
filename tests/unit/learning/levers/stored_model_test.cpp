#include "common/learning/levers/stored_model.hpp"

#include <algorithm>
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
    const std::vector<std::vector<spec::Lever>> pipelines{
        {},
        {spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}},
        {spec::PruneFilters{.tuning = {.epochs = 0}}},
        {spec::Prune{.sparsity = 0.8, .tuning = {.epochs = 0}}, spec::ShareWeights{.tuning = {.epochs = 1}}},
        {spec::Quantize{}},
        {spec::Quantize{.type = spec::QuantizedType::fp16}},
        {spec::Quantize{.type = spec::QuantizedType::bf16}},
        {spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}}, spec::Quantize{}},
        {spec::Prune{.sparsity = 0.9, .tuning = {.epochs = 0}},
         spec::Quantize{.weights = spec::QuantizerScope::tensor}},
        {spec::Prune{.sparsity = 0.7, .tuning = {.epochs = 0}}, spec::Quantize{.type = spec::QuantizedType::fp16}},
        {spec::Prune{.sparsity = 0.95, .tuning = {.epochs = 0}}, spec::Quantize{.type = spec::QuantizedType::bf16}}};
    for (const auto& levers : pipelines) {
        LeverBench on;
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
