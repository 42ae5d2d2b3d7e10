#include "datasets/features/features.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "common/learning/model/builtin_models.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/learning/training/training.hpp"
#include "common/random/stream.hpp"
#include "datasets/features/feature_store.hpp"
#include "datasets/features/learned_part.hpp"
#include "datasets/sharing/kept_data.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using fedgram::learning::split_behind;

namespace {

const spec::Normalization normalization{.mean = {0.3}, .standard_deviation = {0.4}};

Dataset images(std::size_t train, std::size_t test)
{
    const auto made = [](std::size_t count, std::uint64_t seed) {
        OwnedSplit split;
        Stream stream{seed, Purpose::synthetic_data};
        for (std::size_t i = 0; i < count * 784; ++i)
            split.pixels.push_back(static_cast<std::uint8_t>(stream.below(256)));
        for (std::size_t i = 0; i < count; ++i) split.labels.push_back(static_cast<std::uint8_t>(i % 10));
        return split;
    };
    return with_samples({.name = "images"}, made(train, 1), made(test, 2));
}

learning::Model builtin(const std::string& name)
{
    return learning::build_model({.name = name, .layers = *learning::builtin_layers(name, 10)}, {1, 28, 28, 10});
}

learning::Evaluation evaluation(const learning::Model& model, std::span<const float> parameters, const Split& data,
                                const spec::Normalization& by)
{
    const auto engine = learning::native::make_engine(learning::native::usable_instruction_sets().back());
    std::vector<std::unique_ptr<learning::Replica>> replicas;
    replicas.push_back(engine->replica(model, {}));
    replicas.front()->begin(parameters, 1);
    return learning::evaluate(replicas, model, {data.pixels, data.labels, data.values}, by);
}

bool same_bits(std::span<const float> one, std::span<const float> other)
{
    return one.size() == other.size() && std::memcmp(one.data(), other.data(), one.size_bytes()) == 0;
}

}  // namespace

TEST_CASE("A model evaluated on what its frozen part gives has the bits of evaluating it whole", "[datasets]")
{
    const auto data = images(70, 130);
    for (const auto& [name, layer] : {std::pair{"small-cnn", "conv2"},
                                      {"small-cnn", "conv1"},
                                      {"small-cnn", "fc1"},
                                      {"mlp-32", "fc1"},
                                      {"resnet-8", "bn1"}}) {
        const auto model = builtin(name);
        const auto whole = learning::initial_parameters(model, 5);
        const auto split = split_behind(model, layer);
        const auto features = computed_features(split, whole, data, normalization, 3);
        const auto by_whole = evaluation(model, whole, data.test, normalization);
        const auto by_rest = evaluation(split.rest, learning::rest_of(whole, split.places), features.test, {});
        INFO(name << " behind " << layer);
        CHECK(by_rest.mean_loss == by_whole.mean_loss);
        CHECK(by_rest.accuracy == by_whole.accuracy);
        CHECK(std::ranges::equal(features.train.labels, data.train.labels));
        CHECK(features.channels == split.rest.shape.channels);
        CHECK(features.train.values.size() == 70 * learning::pixels_per_sample(split.rest.shape));
    }
}

TEST_CASE("The number of threads changes no feature", "[datasets]")
{
    const auto data = images(300, 10);
    const auto model = builtin("small-cnn");
    const auto whole = learning::initial_parameters(model, 5);
    const auto split = split_behind(model, "conv2");
    const auto one = computed_features(split, whole, data, normalization, 1);
    const auto four = computed_features(split, whole, data, normalization, 4);
    CHECK(same_bits(one.train.values, four.train.values));
    CHECK(same_bits(one.test.values, four.test.values));
    CHECK(one.sha256 == four.sha256);
}

TEST_CASE("All that decides features is in their key, and what learns behind them isn't", "[datasets]")
{
    const auto data = images(20, 10);
    const auto model = builtin("small-cnn");
    auto whole = learning::initial_parameters(model, 5);
    const auto split = split_behind(model, "conv2");
    const auto key = features_key(split, whole, data, normalization);
    CHECK(key.size() == 64);

    auto other = data;
    other.sha256 = std::string(64, 'a');
    CHECK(features_key(split, whole, other, normalization) != key);
    CHECK(features_key(split, whole, data, {.mean = {0.3}, .standard_deviation = {0.5}}) != key);
    CHECK(features_key(split_behind(model, "conv1"), whole, data, normalization) != key);
    auto layers = *learning::builtin_layers("small-cnn", 10);
    layers[1] = spec::Tanh{};
    const auto smooth = learning::build_model({.layers = layers}, {1, 28, 28, 10});
    CHECK(features_key(split_behind(smooth, "conv2"), whole, data, normalization) != key);
    whole.back() += 1;
    CHECK(features_key(split, whole, data, normalization) == key);
    whole.front() += 1;
    CHECK(features_key(split, whole, data, normalization) != key);
}

TEST_CASE("Features are made once, and anew where their file is damaged", "[datasets]")
{
    const test::TemporaryFolder folder;
    const FeatureStore store{folder / "features"};
    const auto data = images(20, 10);
    const auto model = builtin("small-cnn");
    const auto whole = learning::initial_parameters(model, 5);
    const auto split = split_behind(model, "conv2");
    const auto key = features_key(split, whole, data, normalization);
    int made = 0;
    const auto get = [&] {
        return store.get(key, [&] {
            ++made;
            return computed_features(split, whole, data, normalization, 1);
        });
    };
    const auto first = get();
    CHECK(made == 1);
    CHECK(first.descriptor >= 0);  // mapped
    const auto again = get();
    CHECK(made == 1);
    CHECK(same_bits(again.train.values, first.train.values));
    CHECK(again.sha256 == key);

    auto bytes = test::read_file(store.place(key));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    test::write_file(store.place(key), bytes);
    CHECK(same_bits(get().train.values, computed_features(split, whole, data, normalization, 1).train.values));
    CHECK(made == 2);
    std::filesystem::resize_file(store.place(key), 100);
    static_cast<void>(get());
    CHECK(made == 3);
    // One of other features under this name.
    std::filesystem::rename(store.place(key), store.place("other"));
    static_cast<void>(store.get("other", [&] {
        ++made;
        auto features = computed_features(split, whole, data, normalization, 1);
        features.sha256 = std::string(64, '1');
        return features;
    }));
    CHECK(made == 4);
}

TEST_CASE("Beyond the store's limit the oldest features go, and who has them keeps them", "[datasets]")
{
    const test::TemporaryFolder folder;
    const auto data = images(20, 10);
    const auto model = builtin("small-cnn");
    const auto split = split_behind(model, "conv2");
    constexpr std::uint64_t each = 30 * 1'568 * sizeof(float);
    const FeatureStore store{folder / "features", 2 * each + each / 2};
    std::vector<std::string> keys;
    std::vector<Dataset> kept;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto whole = learning::initial_parameters(model, seed);
        keys.push_back(features_key(split, whole, data, normalization));
        kept.push_back(store.get(keys.back(), [&] { return computed_features(split, whole, data, normalization, 1); }));
        const auto age = std::chrono::hours{4 - seed};
        std::filesystem::last_write_time(store.place(keys.back()), std::filesystem::file_time_type::clock::now() - age);
    }
    CHECK_FALSE(std::filesystem::exists(store.place(keys[0])));
    CHECK(std::filesystem::exists(store.place(keys[1])));
    CHECK(std::filesystem::exists(store.place(keys[2])));
    const auto whole = learning::initial_parameters(model, 1);
    CHECK(same_bits(kept[0].train.values, computed_features(split, whole, data, normalization, 1).train.values));
}

TEST_CASE("What a killed process has left unfinished goes, and what another one writes stays", "[datasets]")
{
    const test::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "features");
    const auto left = folder / ("features/a" + std::string{unfinished_ending} + "1");
    const auto written = folder / ("features/b" + std::string{unfinished_ending} + "2");
    for (const auto& path : {left, written}) std::ofstream{path} << "part of it";
    std::filesystem::last_write_time(left, std::filesystem::file_time_type::clock::now() - std::chrono::hours{2});
    const auto data = images(20, 10);
    const auto model = builtin("small-cnn");
    const auto whole = learning::initial_parameters(model, 5);
    const auto split = split_behind(model, "conv2");
    const FeatureStore store{folder / "features", 1};
    const auto kept = store.get("key", [&] { return computed_features(split, whole, data, normalization, 1); });
    CHECK(kept.descriptor >= 0);
    CHECK_FALSE(std::filesystem::exists(left));
    CHECK(std::filesystem::exists(written));
    CHECK(std::filesystem::exists(store.place("key")));
}

TEST_CASE("Where nothing can be kept, features are computed all the same", "[datasets]")
{
    const auto data = images(20, 10);
    const auto model = builtin("small-cnn");
    const auto whole = learning::initial_parameters(model, 5);
    const auto split = split_behind(model, "conv2");
    const FeatureStore nowhere{"/proc/none"};
    const auto features = nowhere.get("key", [&] { return computed_features(split, whole, data, normalization, 1); });
    CHECK(features.descriptor < 0);
    CHECK(features.train.size() == 20);
}
