#include "datasets/features/features.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/files/sha256.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/spec/parse_model.hpp"

namespace fedgram::datasets {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t batch_size = 64;

std::vector<float> frozen_values(const learning::SplitModel& split, std::span<const float> whole)
{
    std::vector<bool> is_learned(whole.size());
    for (const auto place : split.places) is_learned[place] = true;
    std::vector<float> frozen;
    for (std::size_t i = 0; i < whole.size(); ++i)
        if (!is_learned[i]) frozen.push_back(whole[i]);
    return frozen;
}

// Every so many-th batch of a split, by one thread.
void compute_share(const learning::SplitModel& split, std::span<const float> whole, const Split& from,
                   const spec::Normalization& normalization, std::size_t share, std::size_t shares,
                   std::span<float> values)
{
    const auto& kernels = learning::native::kernels(learning::native::usable_instruction_sets().back());
    learning::native::Network network{split.frozen, kernels};
    network.take(whole);
    learning::StoredBatch batch{
        {from.pixels, from.labels, from.values}, learning::pixels_per_sample(split.frozen.shape), normalization};
    const auto size = values.size() / from.size();
    std::vector<std::uint32_t> indices;
    for (auto first = share * batch_size; first < from.size(); first += shares * batch_size) {
        indices.resize(std::min(batch_size, from.size() - first));
        std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
        network.outputs(batch.of(indices), values.subspan(first * size, indices.size() * size));
    }
}

OwnedSplit computed(const learning::SplitModel& split, std::span<const float> whole, const Split& from,
                    const spec::Normalization& normalization, std::uint32_t threads)
{
    OwnedSplit to;
    to.labels.assign(from.labels.begin(), from.labels.end());
    to.nodes.assign(from.nodes.begin(), from.nodes.end());
    to.values.resize(from.size() * learning::pixels_per_sample(split.rest.shape));
    std::vector<std::future<void>> shares;  // the destructor of each waits for its thread
    for (std::uint32_t share = 0; share < threads; ++share)
        shares.push_back(std::async(std::launch::async, [&, share] {
            compute_share(split, whole, from, normalization, share, threads, to.values);
        }));
    for (auto& share : shares) share.get();
    return to;
}

}  // namespace

std::string features_key(const learning::SplitModel& split, std::span<const float> whole, const Dataset& data,
                         const spec::Normalization& normalization)
{
    spec::ModelSpec layers;
    for (const auto& layer : split.frozen.layers) layers.layers.push_back(layer.layer);
    const auto set = learning::native::usable_instruction_sets().back();
    const auto engine = learning::native::make_engine(set)->info();
    const Json key{{"parameters", learning::sha256(frozen_values(split, whole))},
                   {"layers", spec::to_json(layers)},
                   {"data_sha256", data.sha256},
                   {"shape", {data.channels, data.height, data.width}},
                   {"mean", normalization.mean},
                   {"standard_deviation", normalization.standard_deviation},
                   {"engine", engine.version},
                   {"bits", set == learning::native::InstructionSet::portable ? "portable" : "fused"}};
    const auto text = key.dump();
    return files::sha256(std::as_bytes(std::span{text}));
}

Dataset computed_features(const learning::SplitModel& split, std::span<const float> whole, const Dataset& data,
                          const spec::Normalization& normalization, std::uint32_t threads)
{
    struct Splits {
        OwnedSplit train;
        OwnedSplit test;
    };
    const auto splits =
        std::make_shared<const Splits>(Splits{computed(split, whole, data.train, normalization, threads),
                                              computed(split, whole, data.test, normalization, threads)});
    const auto& shape = split.rest.shape;
    return {.name = data.name,
            .channels = shape.channels,
            .height = shape.height,
            .width = shape.width,
            .classes = data.classes,
            .train = splits->train.view(),
            .test = splits->test.view(),
            .sha256 = features_key(split, whole, data, normalization),
            .memory = splits};
}

}  // namespace fedgram::datasets
