#include "datasets/readers/stored_array.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/error/error.hpp"
#include "datasets/readers/idx.hpp"

namespace fedgram::datasets {

namespace {

/// One text for each sample.
std::vector<std::string> texts_of(const StoredArray& array, const char* what, std::size_t samples)
{
    // Some write labels as a column: n x 1.
    const bool is_column = std::all_of(array.sizes.begin() + 1, array.sizes.end(), [](auto size) { return size == 1; });
    if (array.sizes.empty() || array.sizes.front() != samples || !is_column)
        throw DataError{array.where + ": " + sizes_text(array.sizes) + " " + what + "; expected " +
                        std::to_string(samples) + ", one for each sample"};
    if (std::holds_alternative<std::vector<float>>(array.values))
        throw DataError{array.where + ": " + what + " are floats; expected whole numbers or texts"};
    if (const auto* texts = std::get_if<std::vector<std::string>>(&array.values)) return *texts;
    std::vector<std::string> texts;
    texts.reserve(samples);
    if (const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&array.values))
        for (const auto value : *bytes) texts.push_back(std::to_string(value));
    if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&array.values))
        for (const auto value : *whole) texts.push_back(std::to_string(value));
    return texts;
}

/// Beyond it floats leave whole numbers out.
constexpr std::int64_t most_whole = 1 << 24;

std::vector<float> floats_of(const StoredArray& array, const std::vector<std::int64_t>& whole, std::size_t per_sample)
{
    std::vector<float> values;
    values.reserve(whole.size());
    for (const auto value : whole) {
        if (value > most_whole || value < -most_whole)
            throw DataError{array.where + ": " + std::to_string(value) + " in sample " +
                            std::to_string(values.size() / per_sample) +
                            "; expected whole numbers up to 16777216, which a float can hold"};
        values.push_back(static_cast<float>(value));
    }
    return values;
}

}  // namespace

StoredArray read_idx_array(const std::filesystem::path& path)
{
    auto idx = read_idx(path);
    return {path.string(), std::move(idx.sizes), std::move(idx.values)};
}

RawSamples samples_of(StoredArray samples, const StoredArray& labels, const StoredArray* nodes)
{
    constexpr std::size_t most_axes = 4;
    if (samples.sizes.empty() || samples.sizes.size() > most_axes)
        throw DataError{samples.where + ": an array of " + std::to_string(samples.sizes.size()) +
                        " dimensions; expected samples of one to three dimensions, so two to four"};
    const std::size_t count = samples.sizes.front();
    RawSamples raw;
    raw.shape = {samples.sizes.begin() + 1, samples.sizes.end()};
    if (raw.shape.empty()) raw.shape = {1};
    std::size_t per_sample = 1;
    for (const auto size : raw.shape) per_sample *= size;
    if (count == 0 || per_sample == 0)
        throw DataError{samples.where + ": " + sizes_text(samples.sizes) + " values; expected at least one sample"};
    raw.labels = texts_of(labels, "labels", count);
    if (nodes != nullptr) raw.nodes = texts_of(*nodes, "nodes", count);
    raw.where = [where = samples.where](std::size_t sample) { return where + ": sample " + std::to_string(sample); };
    if (auto* bytes = std::get_if<std::vector<std::uint8_t>>(&samples.values))
        raw.bytes = std::move(*bytes);
    else if (auto* floats = std::get_if<std::vector<float>>(&samples.values))
        raw.values = std::move(*floats);
    else if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&samples.values))
        raw.values = floats_of(samples, *whole, per_sample);
    else
        throw DataError{samples.where + ": samples are texts; expected numbers"};
    for (std::size_t i = 0; i < raw.values.size(); ++i)
        if (!std::isfinite(raw.values[i]))
            throw DataError{raw.where(i / per_sample) + " holds " + std::to_string(raw.values[i]) +
                            "; expected finite numbers that a float can hold"};
    return raw;
}

}  // namespace fedgram::datasets
