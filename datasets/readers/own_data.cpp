#include "datasets/readers/own_data.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "datasets/readers/cifar.hpp"
#include "datasets/readers/classes.hpp"
#include "datasets/readers/csv_samples.hpp"
#include "datasets/readers/hold_out.hpp"
#include "datasets/readers/image_folder.hpp"
#include "datasets/readers/leaf.hpp"
#include "datasets/readers/own_files.hpp"
#include "datasets/readers/raw_samples.hpp"
#include "datasets/readers/standardization.hpp"
#include "datasets/readers/stored_array.hpp"

namespace fedgram::datasets {

namespace {

// Reading.

RawSamples read_arrays(const spec::SplitFiles& split, spec::DataFormat format)
{
    const auto array = [&](const std::string& name) {
        if (format == spec::DataFormat::npz) return read_npz(split.files.front(), name);
        return format == spec::DataFormat::npy ? read_npy(name) : read_idx_array(name);
    };
    const auto labels = array(split.labels);
    if (split.nodes.empty()) return samples_of(array(split.samples), labels, nullptr);
    const auto nodes = array(split.nodes);
    return samples_of(array(split.samples), labels, &nodes);
}

RawSamples read_cifar(const spec::SplitFiles& split, const CifarForm& form)
{
    RawSamples raw;
    raw.shape = {3, 32, 32};
    std::vector<std::size_t> ends;  // of the files, among all samples
    for (const auto& file : split.files) {
        const auto batch = read_cifar_batch(file, form);
        raw.bytes.insert(raw.bytes.end(), batch.pixels.begin(), batch.pixels.end());
        for (const auto label : batch.labels) raw.labels.push_back(std::to_string(label));
        ends.push_back(raw.size());
    }
    raw.where = [files = split.files, ends](std::size_t sample) {
        const auto file = static_cast<std::size_t>(std::ranges::upper_bound(ends, sample) - ends.begin());
        const auto first = file == 0 ? 0 : ends[file - 1];
        return files[file] + ": record " + std::to_string(sample - first);
    };
    return raw;
}

RawSamples read_split(const spec::SplitFiles& split, const spec::DataFiles& data)
{
    switch (data.format) {
        case spec::DataFormat::idx:
        case spec::DataFormat::npy:
        case spec::DataFormat::npz:
            return read_arrays(split, data.format);
        case spec::DataFormat::csv:
            return read_csv_samples(split, data);
        case spec::DataFormat::images:
            return read_image_folder(split.files.front());
        case spec::DataFormat::cifar10:
            return read_cifar(split, cifar10_form);
        case spec::DataFormat::cifar100:
            return read_cifar(split, cifar100_form);
        case spec::DataFormat::cifar100_coarse:
            return read_cifar(split, cifar100_coarse_form);
        case spec::DataFormat::leaf:
            break;
    }
    return read_leaf(split.files);
}

// Shapes.

std::size_t product(const std::vector<std::uint32_t>& sizes)
{
    return std::accumulate(sizes.begin(), sizes.end(), std::size_t{1}, std::multiplies<>{});
}

/// Channels, height and width of a sample.
std::array<std::uint32_t, 3> shape_of(const spec::DataFiles& data, const RawSamples& raw)
{
    auto sizes = raw.shape;
    constexpr std::size_t axes = 3;
    const bool last = data.channels == spec::ChannelAxis::last;
    if (last && sizes.size() == axes) sizes = {sizes[2], sizes[0], sizes[1]};
    if (!data.shape.empty()) {
        if (product(sizes) != product(data.shape))
            throw DataError{raw.where(0) + " has " + sizes_text(raw.shape) + " values; data.shape says " +
                            sizes_text(data.shape)};
        sizes = data.shape;
    }
    sizes.insert(sizes.begin(), axes - sizes.size(), 1);
    constexpr std::uint32_t most_side = 1 << 16;
    if (std::ranges::any_of(sizes, [](auto size) { return size > most_side; }))
        throw DataError{raw.where(0) + " has " + sizes_text(sizes) + " values; expected 65536 at most along each axis"};
    return {sizes[0], sizes[1], sizes[2]};
}

template <class Element>
void put_channels_first(std::vector<Element>& elements, const std::array<std::uint32_t, 3>& shape)
{
    const std::size_t channels = shape[0];
    const std::size_t plane = std::size_t{shape[1]} * shape[2];
    std::vector<Element> image(channels * plane);
    for (auto at = elements.begin(); at != elements.end(); at += static_cast<std::ptrdiff_t>(image.size())) {
        std::copy_n(at, image.size(), image.begin());
        for (std::size_t channel = 0; channel < channels; ++channel)
            for (std::size_t pixel = 0; pixel < plane; ++pixel)
                at[static_cast<std::ptrdiff_t>(channel * plane + pixel)] = image[pixel * channels + channel];
    }
}

// Nodes.

/// Numbers nodes in the order in which they appear first, those of the training set before others.
std::vector<std::uint32_t> numbers_of(const std::vector<std::string>& nodes,
                                      std::unordered_map<std::string, std::uint32_t>& known)
{
    std::vector<std::uint32_t> numbers;
    numbers.reserve(nodes.size());
    for (const auto& node : nodes)
        numbers.push_back(known.emplace(node, static_cast<std::uint32_t>(known.size())).first->second);
    return numbers;
}

std::vector<std::string> names_by_number(const std::unordered_map<std::string, std::uint32_t>& numbers)
{
    std::vector<std::string> names(numbers.size());
    for (const auto& [name, number] : numbers) names[number] = name;
    return names;
}

// The whole.

OwnedSplit encoded(RawSamples raw, const Classes& classes, const std::array<std::uint32_t, 3>& shape,
                   const spec::DataFiles& data)
{
    OwnedSplit split;
    split.labels.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) split.labels.push_back(classes.place_of(raw.labels[i], raw.where(i)));
    split.pixels = std::move(raw.bytes);
    split.values = std::move(raw.values);
    if (data.channels == spec::ChannelAxis::last && shape[0] > 1) {
        put_channels_first(split.pixels, shape);
        put_channels_first(split.values, shape);
    }
    return split;
}

void check_alike(const RawSamples& train, const RawSamples& test, bool reshaped)
{
    if (train.features != test.features && train.features.size() == test.features.size()) {
        const auto [ours, theirs] = std::ranges::mismatch(train.features, test.features);
        throw DataError{test.where(0) + " has the feature \"" + *theirs + "\" where the training set has \"" + *ours +
                        "\"; expected the same columns in the same order, or name them in data.columns.features"};
    }
    if (reshaped ? product(train.shape) != product(test.shape) : train.shape != test.shape)
        throw DataError{test.where(0) + " has " + sizes_text(test.shape) + " values; expected " +
                        sizes_text(train.shape) + ", as the training set has"};
    if (train.bytes.empty() != test.bytes.empty() || train.texts.empty() != test.texts.empty() ||
        train.nodes.empty() != test.nodes.empty())
        throw DataError{test.where(0) +
                        " is of another kind than the training set: bytes, numbers or texts, with nodes or without"};
}

/// LEAF's FEMNIST has white paper at 1; EMNIST's files have it at 0.
std::string note_of(const spec::DataFiles& data, const OwnedSplit& train)
{
    if (data.format != spec::DataFormat::leaf || train.values.empty()) return {};
    const auto [least, most] = std::ranges::minmax(train.values);
    const double mean =
        std::accumulate(train.values.begin(), train.values.end(), 0.0) / static_cast<double>(train.values.size());
    if (least < 0 || most > 1 || mean <= 0.5) return {};
    return "pixels are 1 on the background, as in LEAF's FEMNIST; in EMNIST they are 0";
}

}  // namespace

Dataset load_own(const std::string& name, const spec::DataFiles& data)
{
    check_kinds(data);
    auto train = read_split(data.train, data);
    auto test = data.test.given() ? read_split(data.test, data) : RawSamples{};
    const auto classes = classes_of(data, {&train, &test});
    encode_texts(train, classes);
    encode_texts(test, classes);
    if (data.test.given()) check_alike(train, test, !data.shape.empty());
    const auto shape = shape_of(data, train);
    std::unordered_map<std::string, std::uint32_t> nodes;
    const auto train_nodes = numbers_of(train.nodes, nodes);
    const auto test_nodes = numbers_of(test.nodes, nodes);
    const auto where = train.where(0);
    const auto features = train.features;

    auto train_split = encoded(std::move(train), classes, shape, data);
    train_split.nodes = train_nodes;
    OwnedSplit test_split;
    if (data.test.given()) {
        test_split = encoded(std::move(test), classes, shape, data);
        test_split.nodes = test_nodes;
    } else {
        std::tie(train_split, test_split) = held_out(train_split, data.test_share, classes.names.size());
    }
    if (test_split.labels.empty()) throw DataError{where + ": too few samples to hold some out; give files.test"};
    nlohmann::ordered_json making{{"classes", classes.names}};
    if (!features.empty()) making["features"] = features;
    if (!nodes.empty()) making["owners"] = names_by_number(nodes);
    if (data.standardize) {
        const auto done = standardize(train_split, test_split, where);
        making["standardized_by"] = {{"mean", done.mean}, {"standard_deviation", done.deviation}};
    }
    const auto note = note_of(data, train_split);
    return with_samples({.name = name,
                         .channels = shape[0],
                         .height = shape[1],
                         .width = shape[2],
                         .classes = static_cast<std::uint32_t>(classes.names.size()),
                         .note = note,
                         .making = making.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)},
                        std::move(train_split), std::move(test_split));
}

}  // namespace fedgram::datasets
