#include "common/learning/training/stored_batch.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace fedgram;
using learning::StoredBatch;

namespace {

/// Two samples of 2 x 3 pixels: 0 to 5 and 6 to 11.
std::vector<std::uint8_t> pixels()
{
    std::vector<std::uint8_t> values(12);
    std::iota(values.begin(), values.end(), std::uint8_t{0});
    return values;
}

const std::vector<std::uint8_t> labels{7, 9};

std::vector<float> floats_of(const learning::Batch& batch)
{
    std::vector<float> floats(batch.labels.size() * 6);
    for (std::size_t sample = 0; sample < batch.labels.size(); ++sample)
        batch.write_image(sample, floats.data() + sample * 6);
    return floats;
}

}  // namespace

TEST_CASE("A batch has its samples in the order asked for, each pixel normalized", "[learning]")
{
    const auto values = pixels();
    StoredBatch stored{{values, labels}, 6, {.mean = {0.5}, .standard_deviation = {0.25}}};
    const std::vector<std::uint32_t> order{1, 0, 1};
    const auto batch = stored.of(order);
    const auto floats = floats_of(batch);
    CHECK(std::vector<std::int64_t>{batch.labels.begin(), batch.labels.end()} == std::vector<std::int64_t>{9, 7, 9});
    CHECK(floats[0] == static_cast<float>((6 / 255.0 - 0.5) / 0.25));
    CHECK(floats[6] == static_cast<float>(-0.5 / 0.25));
    CHECK(floats[17] == static_cast<float>((11 / 255.0 - 0.5) / 0.25));
}

TEST_CASE("Each channel has its own normalization where there is one for each", "[learning]")
{
    const auto values = pixels();
    StoredBatch stored{{values, labels}, 6, {.mean = {0.1, 0.2}, .standard_deviation = {2}}};
    const std::vector<std::uint32_t> order{0, 1};
    const auto floats = floats_of(stored.of(order));
    for (std::size_t i = 0; i < 12; ++i) {
        const double mean = i % 6 < 3 ? 0.1 : 0.2;
        CHECK(floats[i] == static_cast<float>((static_cast<double>(i) / 255 - mean) / 2));
    }
}

TEST_CASE("Numbers that aren't bytes are normalized as they are", "[learning]")
{
    const std::vector<float> values{-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1e6F};
    StoredBatch stored{{{}, labels, values}, 6, {.mean = {1, 2}, .standard_deviation = {2}}};
    const std::vector<std::uint32_t> order{1, 0};
    const auto floats = floats_of(stored.of(order));
    CHECK(floats[0] == 2);                                  // (5 - 1) / 2
    CHECK(floats[5] == static_cast<float>((1e6 - 2) / 2));  // the second channel
    CHECK(floats[6] == -1);
}

TEST_CASE("A part of a batch has the images that belong to its labels", "[learning]")
{
    const auto values = pixels();
    StoredBatch stored{{values, labels}, 6, {.mean = {0}, .standard_deviation = {1}}};
    const std::vector<std::uint32_t> order{0, 0, 1};
    const auto part = stored.of(order).part(1, 2);
    CHECK(std::vector<std::int64_t>{part.labels.begin(), part.labels.end()} == std::vector<std::int64_t>{7, 9});
    CHECK(floats_of(part)[0] == 0);
    CHECK(floats_of(part)[6] == static_cast<float>(6 / 255.0));
    CHECK(floats_of(part.part(1, 1))[0] == static_cast<float>(6 / 255.0));
}
