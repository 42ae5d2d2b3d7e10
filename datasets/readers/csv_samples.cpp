#include "datasets/readers/csv_samples.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/csv_records.hpp"
#include "common/text/joined.hpp"
#include "datasets/readers/unpacked_file.hpp"

namespace fedgram::datasets {

namespace {

/// Which fields of a row are what.
struct Columns {
    std::vector<std::string> names;
    std::size_t label = 0;
    std::size_t node = 0;
    bool has_node = false;
    std::vector<std::size_t> features;
};

/// The first of many.
std::string some_of(const std::vector<std::string>& names)
{
    constexpr std::size_t shown = 20;
    const std::vector<std::string> first{names.begin(),
                                         names.begin() + static_cast<std::ptrdiff_t>(std::min(shown, names.size()))};
    return text::joined(first) + (names.size() > shown ? ", … (" + std::to_string(names.size()) + " columns)" : "");
}

std::size_t place_of(const std::vector<std::string>& names, const std::string& name, const std::string& where)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) throw DataError{where + ": no column \"" + name + "\"; it has " + some_of(names)};
    return static_cast<std::size_t>(found - names.begin());
}

Columns columns_of(std::vector<std::string> names, const spec::DataFiles& data, const std::string& where)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (std::ranges::count(names, names[i]) > 1)
            throw DataError{where + ":1: column \"" + names[i] + "\" stands twice; give each a name of its own"};
    Columns columns;
    columns.label = place_of(names, data.label_column, where);
    columns.has_node = !data.node_column.empty();
    if (columns.has_node) columns.node = place_of(names, data.node_column, where);
    for (const auto& feature : data.feature_columns) columns.features.push_back(place_of(names, feature, where));
    if (data.feature_columns.empty())
        for (std::size_t i = 0; i < names.size(); ++i)
            if (i != columns.label && !(columns.has_node && i == columns.node)) columns.features.push_back(i);
    if (columns.features.empty())
        throw DataError{where + ": no column of features beside \"" + data.label_column + "\""};
    columns.names = std::move(names);
    return columns;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

float number(std::string_view field, const std::string& column, const std::string& place)
{
    auto digits = trimmed(field);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    float value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty())
        throw DataError{place + ": column \"" + column + "\" is empty; fill the value in, or leave the row out"};
    if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
        throw DataError{place + ": " + spec::shown(std::string{field}) + " in column \"" + column +
                        "\"; expected a finite number that a float can hold, or name the columns of features"};
    return value;
}

std::string filled(std::string_view field, const std::string& column, const std::string& place)
{
    const auto text = trimmed(field);
    if (text.empty()) throw DataError{place + ": column \"" + column + "\" is empty; every sample needs one"};
    return std::string{text};
}

void read_file(const std::string& path, const spec::DataFiles& data, std::vector<std::string>& names, RawSamples& raw,
               std::vector<std::size_t>& lines_of)
{
    const auto text = read_unpacked(path);
    text::CsvRecords records{text, path};
    std::vector<std::string_view> fields;
    if (!records.next(fields)) throw DataError{path + ": is empty; expected a heading and a row for each sample"};
    const auto columns = columns_of({fields.begin(), fields.end()}, data, path);
    std::vector<std::string> own;
    for (const auto feature : columns.features) own.push_back(columns.names[feature]);
    if (names.empty()) names = own;
    if (names != own)
        throw DataError{path + ": its features are " + some_of(own) + "; expected " + some_of(names) +
                        ", as the other files have them"};
    while (records.next(fields)) {
        if (fields.size() == 1 && fields.front().empty()) continue;  // an empty line
        const auto place = [&] { return path + ":" + std::to_string(records.line()); };
        if (fields.size() != columns.names.size())
            throw DataError{place() + ": " + std::to_string(fields.size()) + " fields; the heading has " +
                            std::to_string(columns.names.size())};
        for (const auto feature : columns.features) {
            // A place is made only for an error: there are as many values as pixels.
            const auto& field = fields[feature];
            float value = 0;
            const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
            const bool plain = error == std::errc{} && end == field.data() + field.size() && std::isfinite(value);
            raw.values.push_back(plain ? value : number(field, columns.names[feature], place()));
        }
        raw.labels.push_back(filled(fields[columns.label], data.label_column, place()));
        if (columns.has_node) raw.nodes.push_back(filled(fields[columns.node], data.node_column, place()));
        lines_of.push_back(records.line());
    }
}

}  // namespace

RawSamples read_csv_samples(const spec::SplitFiles& split_files, const spec::DataFiles& data)
{
    RawSamples raw;
    std::vector<std::string> names;
    std::vector<std::size_t> lines_of;
    std::vector<std::size_t> ends;
    for (const auto& path : split_files.files) {
        read_file(path, data, names, raw, lines_of);
        ends.push_back(raw.size());
    }
    if (raw.size() == 0)
        throw DataError{split_files.files.front() + ": no row below the heading; expected one for each sample"};
    raw.shape = {static_cast<std::uint32_t>(names.size())};
    raw.features = names;
    raw.where = [files = split_files.files, lines_of, ends](std::size_t sample) {
        const auto file = std::ranges::upper_bound(ends, sample) - ends.begin();
        return files[static_cast<std::size_t>(file)] + ":" + std::to_string(lines_of[sample]);
    };
    return raw;
}

}  // namespace fedgram::datasets
