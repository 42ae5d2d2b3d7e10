#include "datasets/readers/synthetic.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "common/random/stream.hpp"
#include "datasets/readers/next_word.hpp"

namespace fedgram::datasets {

namespace {

struct Likeness {
    std::string_view name;
    std::string_view original;
    std::uint32_t channels;
    std::uint32_t side;
    std::uint32_t train_samples;
    std::uint32_t test_samples;
};

constexpr std::array likenesses{
    Likeness{"synthetic-cifar10", "CIFAR-10", 3, 32, 50'000, 10'000},
    Likeness{"synthetic-fashion-mnist", "Fashion-MNIST", 1, 28, 60'000, 10'000},
};

// All of this is part of what a name means: another number makes another dataset.
constexpr std::uint64_t seed = 1;
constexpr std::uint32_t classes = 10;
constexpr std::uint32_t patterns_per_class = 4;
constexpr std::uint32_t grid = 4;  // random values along a side of a pattern, with smooth passages between them
constexpr std::uint32_t most_shift = 6;
constexpr int least_contrast = 64;  // in 256ths
constexpr int contrasts = 128;
constexpr int noise = 160;  // in 256ths of -128 to 127, uniform

/// What a stream is for, in the place of a round.
enum Part : std::uint64_t { patterns, train, test };

const Likeness* likeness_of(std::string_view name)
{
    const auto found = std::ranges::find(likenesses, name, &Likeness::name);
    return found == likenesses.end() ? nullptr : &*found;
}

using Pixels = std::vector<std::uint8_t>;

/// Random values on a grid, interpolated between. It wraps around at its edges, so that it can be shifted.
Pixels pattern(const Likeness& likeness, std::uint32_t number)
{
    Stream stream{seed, Purpose::synthetic_data, patterns, number};
    Pixels pixels;
    for (std::uint32_t channel = 0; channel < likeness.channels; ++channel) {
        std::array<std::array<std::uint32_t, grid>, grid> values{};
        for (auto& row : values)
            for (auto& value : row) value = static_cast<std::uint32_t>(stream.below(256));
        for (std::uint32_t y = 0; y < likeness.side; ++y)
            for (std::uint32_t x = 0; x < likeness.side; ++x) {
                const auto v = y * grid * 256 / likeness.side, u = x * grid * 256 / likeness.side;  // in 256ths
                const auto &above = values[v / 256], &below = values[(v / 256 + 1) % grid];
                const auto left = u / 256, right = (u / 256 + 1) % grid;
                const auto upper = above[left] * (256 - u % 256) + above[right] * (u % 256);
                const auto lower = below[left] * (256 - u % 256) + below[right] * (u % 256);
                pixels.push_back(static_cast<std::uint8_t>((upper * (256 - v % 256) + lower * (v % 256)) >> 16));
            }
    }
    return pixels;
}

/// `count` uniform bytes, the low ones of each draw first.
void fill(std::span<std::uint8_t> bytes, Stream& stream)
{
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
        const auto drawn = stream.bits();
        for (std::size_t j = 0; j < std::min<std::size_t>(8, bytes.size() - i); ++j)
            bytes[i + j] = static_cast<std::uint8_t>(drawn >> (8 * j));
    }
}

/// `pixels` holds noise and gets the image: the pattern, shifted up and to the left, under it.
void paint(std::span<std::uint8_t> pixels, const Pixels& pattern, const Likeness& likeness, Stream& stream)
{
    const auto side = likeness.side;
    const auto up = stream.below(most_shift + 1), left = stream.below(most_shift + 1);
    const int contrast = least_contrast + static_cast<int>(stream.below(contrasts));
    fill(pixels, stream);
    Pixels row(side);
    for (std::uint32_t i = 0; i < likeness.channels * side; ++i) {
        const std::size_t channel = i / side, y = (i + up) % side;
        const auto* const source = pattern.data() + (channel * side + y) * side;
        std::rotate_copy(source, source + left, source + side, row.begin());
        const auto target = pixels.subspan(std::size_t{i} * side, side);
        for (std::uint32_t x = 0; x < side; ++x) {
            const int value = 128 + ((row[x] - 128) * contrast >> 8) + ((target[x] - 128) * noise >> 8);
            target[x] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
        }
    }
}

OwnedSplit make_split(const Likeness& likeness, const std::vector<Pixels>& patterns, Part part, std::uint32_t samples)
{
    const auto pixels = patterns.front().size();
    OwnedSplit split{Pixels(samples * pixels), Pixels(samples)};
    for (std::uint32_t i = 0; i < samples; ++i) {
        const auto label = i % classes;
        split.labels[i] = static_cast<std::uint8_t>(label);
        Stream stream{seed, Purpose::synthetic_data, part, i};
        const auto which = label * patterns_per_class + stream.below(patterns_per_class);
        paint(std::span{split.pixels}.subspan(i * pixels, pixels), patterns[which], likeness, stream);
    }
    return split;
}

}  // namespace

std::vector<std::string> synthetic_names()
{
    std::vector<std::string> names{std::string{next_word_name}};
    for (const auto& likeness : likenesses) names.emplace_back(likeness.name);
    return names;
}

Dataset make_synthetic(const std::string& name)
{
    if (name == next_word_name) return make_next_word();
    const auto* const likeness = likeness_of(name);
    if (!likeness) throw std::logic_error{"no synthetic dataset is called " + name};
    std::vector<Pixels> all_patterns;
    for (std::uint32_t i = 0; i < classes * patterns_per_class; ++i) all_patterns.push_back(pattern(*likeness, i));
    return with_samples({.name = name,
                         .channels = likeness->channels,
                         .height = likeness->side,
                         .width = likeness->side,
                         .classes = classes,
                         .note = synthetic_note(name)},
                        make_split(*likeness, all_patterns, train, likeness->train_samples),
                        make_split(*likeness, all_patterns, test, likeness->test_samples));
}

std::string synthetic_note(const std::string& name)
{
    if (name == next_word_name) return std::string{next_word_note};
    const auto* const likeness = likeness_of(name);
    if (!likeness) return {};
    const std::string original{likeness->original};
    return "synthetic images in the shapes of " + original + ": accuracies say nothing about " + original;
}

}  // namespace fedgram::datasets
