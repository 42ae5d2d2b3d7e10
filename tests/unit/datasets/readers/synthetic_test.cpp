#include "datasets/readers/synthetic.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace fedgram;
using namespace fedgram::datasets;

namespace {

/// How many of the first `count` test images are nearest, of the means of all training images of a class, to the mean
/// of their own class.
int recognised(const Dataset& data, std::size_t count)
{
    const auto pixels = std::size_t{data.channels} * data.height * data.width;
    std::vector<std::vector<double>> means(data.classes, std::vector<double>(pixels));
    constexpr std::size_t seen = 5'000;
    for (std::size_t i = 0; i < seen; ++i)
        for (std::size_t p = 0; p < pixels; ++p)
            means[data.train.labels[i]][p] += data.train.pixels[i * pixels + p] * data.classes / double{seen};
    int right = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<double> distances(data.classes);
        for (std::size_t label = 0; label < data.classes; ++label)
            for (std::size_t p = 0; p < pixels; ++p) {
                const double difference = data.test.pixels[i * pixels + p] - means[label][p];
                distances[label] += difference * difference;
            }
        right += std::ranges::min_element(distances) - distances.begin() == data.test.labels[i];
    }
    return right;
}

}  // namespace

TEST_CASE("Synthetic data has the shapes and counts of what it is like, and the same bytes on every machine",
          "[datasets]")
{
    const auto cifar10 = load({.dataset = "synthetic-cifar10"}, std::nullopt);
    CHECK((cifar10.channels == 3 && cifar10.height == 32 && cifar10.width == 32 && cifar10.classes == 10));
    CHECK((cifar10.train.size() == 50'000 && cifar10.test.size() == 10'000));
    CHECK(cifar10.train.pixels.size() == 50'000 * 3 * 32 * 32);
    CHECK(std::ranges::count(cifar10.train.labels, 7) == 5'000);
    CHECK(std::ranges::count(cifar10.test.labels, 7) == 1'000);
    CHECK(cifar10.sha256 == "e2fea8832c18a380e5bf342082da684b30546cd0a9a709999cd88145f81a3df8");
    const auto fashion = make_synthetic("synthetic-fashion-mnist");
    CHECK((fashion.channels == 1 && fashion.height == 28 && fashion.width == 28 && fashion.classes == 10));
    CHECK((fashion.train.size() == 60'000 && fashion.test.size() == 10'000));
    CHECK(fashion.sha256 == "bb6adab23634dba58b037285b20c3af5f14ba0e04000499b41bbd28970e0788f");
}

TEST_CASE("Synthetic images can be told apart, and not at a glance", "[datasets]")
{
    for (const std::string name : {"synthetic-cifar10", "synthetic-fashion-mnist"}) {
        // Chance finds 20 of 200.
        const auto right = recognised(make_synthetic(name), 200);
        CHECK(right > 60);
        CHECK(right < 190);
    }
}

TEST_CASE("What synthetic data is must be said, and of no other", "[datasets]")
{
    CHECK(synthetic_note("synthetic-cifar10") ==
          "synthetic images in the shapes of CIFAR-10: accuracies say nothing about CIFAR-10");
    for (const auto& name : dataset_names()) {
        CHECK(synthetic_note(name).empty() == !name.starts_with("synthetic-"));
        if (!synthetic_note(name).empty()) CHECK(at_hand(name));
    }
}
