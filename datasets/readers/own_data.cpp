#include "datasets/readers/own_data.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "datasets/readers/cifar.hpp"
#include "datasets/readers/csv_samples.hpp"
#include "datasets/readers/image_folder.hpp"
#include "datasets/readers/leaf.hpp"
#include "datasets/readers/raw_samples.hpp"
#include "datasets/readers/stored_array.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_classes = 256;

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
    for (const auto& file : split.files) {
        const auto batch = read_cifar_batch(file, form);
        raw.bytes.insert(raw.bytes.end(), batch.pixels.begin(), batch.pixels.end());
        for (const auto label : batch.labels) raw.labels.push_back(std::to_string(label));
    }
    raw.where = [file = split.files.front()](std::size_t sample) {
        return file + ": record " + std::to_string(sample);
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

// Classes.

/// By number where both are whole numbers, which come before all other texts.
bool is_before(const std::string& a, const std::string& b)
{
    const auto number = [](const std::string& text) -> std::optional<std::int64_t> {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return value;
    };
    const auto first = number(a);
    const auto second = number(b);
    if (first && second && *first != *second) return *first < *second;
    if (first.has_value() != second.has_value()) return first.has_value();
    return a < b;
}

/// UTF-8 characters of a text.
std::vector<std::string> characters(const std::string& text)
{
    std::vector<std::string> all;
    for (const char c : text) {
        const bool goes_on = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
        if (goes_on && !all.empty())
            all.back() += c;
        else
            all.emplace_back(1, c);
    }
    return all;
}

struct Classes {
    std::vector<std::string> names;
    std::unordered_map<std::string, std::uint8_t> places;
    bool given = false;  ///< by the specification

    [[nodiscard]] std::uint8_t place_of(const std::string& label, const std::string& where) const
    {
        const auto found = places.find(label);
        if (found != places.end()) return found->second;
        throw DataError{where + ": label \"" + label +
                        "\" is not among data.labels; add it there, or leave the sample out"};
    }
};

Classes classes_of(const spec::DataFiles& data, std::initializer_list<const RawSamples*> splits)
{
    Classes classes{data.labels, {}, !data.labels.empty()};
    if (!classes.given) {
        std::set<std::string> seen;
        for (const auto* split : splits) {
            seen.insert(split->labels.begin(), split->labels.end());
            for (const auto& text : split->texts)
                for (auto& character : characters(text)) seen.insert(std::move(character));
        }
        classes.names = {seen.begin(), seen.end()};
        std::ranges::sort(classes.names, is_before);
    }
    const auto& where = data.train.files.empty() ? data.train.labels : data.train.files.front();
    if (classes.names.size() < 2)
        throw DataError{where + ": one class alone, \"" + classes.names.front() + "\"; expected at least two"};
    if (classes.names.size() > most_classes)
        throw DataError{where + ": " + std::to_string(classes.names.size()) + " classes, such as \"" +
                        classes.names.front() + "\" and \"" + classes.names.back() + "\"; expected 256 at most" +
                        (data.format == spec::DataFormat::csv ? ": is \"" + data.label_column + "\" the label?" : "")};
    for (const auto& name : classes.names)
        classes.places.emplace(name, static_cast<std::uint8_t>(classes.places.size()));
    return classes;
}

// Shapes.

std::size_t product(const std::vector<std::uint32_t>& sizes)
{
    return std::accumulate(sizes.begin(), sizes.end(), std::size_t{1}, std::multiplies<>{});
}

std::string sizes_text(const std::vector<std::uint32_t>& sizes)
{
    std::string text;
    for (const auto size : sizes) text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
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

/// Characters become their places among the classes.
void encode_texts(RawSamples& raw, const Classes& classes)
{
    for (std::size_t i = 0; i < raw.texts.size(); ++i) {
        const auto text = characters(raw.texts[i]);
        const auto length = static_cast<std::uint32_t>(text.size());
        if (raw.shape.empty()) raw.shape = {length};
        if (length == 0 || raw.shape.front() != length)
            throw DataError{raw.where(i) + ": a text of " + std::to_string(length) + " characters; expected " +
                            std::to_string(raw.shape.front()) + ", as the others have"};
        for (const auto& character : text) raw.values.push_back(classes.place_of(character, raw.where(i)));
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

template <class Element>
void keep(std::vector<Element>& elements, const std::vector<std::size_t>& samples, std::size_t per_sample)
{
    std::vector<Element> kept;
    kept.reserve(samples.size() * per_sample);
    for (const auto sample : samples) {
        const auto from = elements.begin() + static_cast<std::ptrdiff_t>(sample * per_sample);
        kept.insert(kept.end(), from, from + static_cast<std::ptrdiff_t>(per_sample));
    }
    elements = std::move(kept);
}

OwnedSplit part_of(OwnedSplit split, const std::vector<std::size_t>& samples)
{
    const auto count = split.labels.size();
    keep(split.pixels, samples, split.pixels.size() / count);
    keep(split.values, samples, split.values.size() / count);
    keep(split.labels, samples, 1);
    if (!split.nodes.empty()) keep(split.nodes, samples, 1);
    return split;
}

/// A share of each class, rounded, and at least one sample on each side where there are two.
std::pair<OwnedSplit, OwnedSplit> held_out(const OwnedSplit& all, double share, std::size_t classes)
{
    std::vector<std::vector<std::size_t>> by_class(classes);
    for (std::size_t i = 0; i < all.labels.size(); ++i) by_class[all.labels[i]].push_back(i);
    std::vector<std::size_t> train;
    std::vector<std::size_t> test;
    for (std::size_t label = 0; label < classes; ++label) {
        auto& samples = by_class[label];
        // A seed of its own: the test set stays the same for every experiment.
        Stream stream{0, Purpose::hold_out, 0, label};
        stream.shuffle(std::span{samples});
        auto count = static_cast<std::size_t>(std::llround(share * static_cast<double>(samples.size())));
        if (samples.size() > 1) count = std::clamp<std::size_t>(count, 1, samples.size() - 1);
        test.insert(test.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
        train.insert(train.end(), samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end());
    }
    std::ranges::sort(train);
    std::ranges::sort(test);
    return {part_of(all, train), part_of(all, test)};
}

/// By feature.
struct Standardization {
    std::vector<double> mean;
    std::vector<double> deviation;
};

/// Each feature to mean 0 and deviation 1 over the training set; one that is always the same becomes 0.
Standardization standardize(OwnedSplit& train, OwnedSplit& test, const std::string& where)
{
    if (train.values.empty())
        throw DataError{where +
                        ": its samples are bytes; data.standardize is for numbers, data.normalization for bytes"};
    const auto count = train.labels.size();
    const auto features = train.values.size() / count;
    Standardization done;
    for (std::size_t feature = 0; feature < features; ++feature) {
        double sum = 0;
        double squares = 0;
        for (std::size_t i = feature; i < train.values.size(); i += features) sum += train.values[i];
        const double mean = sum / static_cast<double>(count);
        for (std::size_t i = feature; i < train.values.size(); i += features)
            squares += (train.values[i] - mean) * (train.values[i] - mean);
        const double deviation = std::sqrt(squares / static_cast<double>(count));
        done.mean.push_back(mean);
        done.deviation.push_back(deviation);
        for (auto* values : {&train.values, &test.values})
            for (std::size_t i = feature; i < values->size(); i += features) {
                const auto value = deviation > 0 ? static_cast<float>(((*values)[i] - mean) / deviation) : 0.0F;
                if (!std::isfinite(value))
                    throw DataError{where + ": feature " + std::to_string(feature) + " has a value of " +
                                    std::to_string((*values)[i]) + " at a deviation of " + std::to_string(deviation) +
                                    "; no float holds it standardized"};
                (*values)[i] = value;
            }
    }
    return done;
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

/// A pipe would be waited for without end.
void check_kinds(const spec::DataFiles& data)
{
    for (const auto* split : {&data.train, &data.test}) {
        auto paths = split->files;
        if (data.format != spec::DataFormat::npz)
            for (const auto& path : {split->samples, split->labels, split->nodes})
                if (!path.empty()) paths.push_back(path);
        for (const auto& path : paths) {
            std::error_code unreadable;
            const auto status = fs::status(path, unreadable);
            if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
                throw DataError{path + ": neither a file nor a folder; data is read more than once"};
        }
    }
}

}  // namespace

spec::DataFiles located(spec::DataFiles data, const std::optional<fs::path>& folder)
{
    const fs::path base = folder ? *folder : fs::path{data.folder};
    const auto locate = [&](std::string& path) {
        if (!path.empty()) path = (base / path).lexically_normal().string();
    };
    for (auto* split : {&data.train, &data.test}) {
        for (auto& file : split->files) locate(file);
        if (data.format == spec::DataFormat::npz) continue;  // names in the archive
        locate(split->samples);
        locate(split->labels);
        locate(split->nodes);
    }
    return data;
}

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

std::vector<fs::path> own_files(const spec::DataFiles& data)
{
    std::vector<fs::path> files;
    for (const auto* split : {&data.train, &data.test}) {
        if (!split->given()) continue;
        if (data.format == spec::DataFormat::images) {
            const auto images = image_files(split->files.front());
            files.insert(files.end(), images.begin(), images.end());
        } else if (data.format == spec::DataFormat::leaf) {
            const auto parts = leaf_files(split->files);
            files.insert(files.end(), parts.begin(), parts.end());
        } else {
            files.insert(files.end(), split->files.begin(), split->files.end());
            if (data.format != spec::DataFormat::npz)
                for (const auto& file : {split->samples, split->labels, split->nodes})
                    if (!file.empty()) files.emplace_back(file);
        }
    }
    std::error_code unreadable;
    if (std::ranges::any_of(files, [&](const auto& file) { return !fs::is_regular_file(file, unreadable); })) return {};
    const bool plain_arrays = data.format == spec::DataFormat::idx || data.format == spec::DataFormat::npy ||
                              data.format == spec::DataFormat::cifar10 || data.format == spec::DataFormat::cifar100 ||
                              data.format == spec::DataFormat::cifar100_coarse;
    const bool packed = std::ranges::any_of(files, [](const auto& file) { return file.extension() == ".gz"; });
    return !plain_arrays || packed || data.standardize ? files : std::vector<fs::path>{};
}

}  // namespace fedgram::datasets
