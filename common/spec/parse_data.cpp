#include "common/spec/parse_data.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>

#include <nlohmann/json.hpp>

#include "common/spec/spec_ranges.hpp"
#include "common/spec/strict_object.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t longest_name = 64;

Normalization read_normalization(StrictObject section)
{
    Normalization normalization;
    section.read("mean", normalization.mean, any_number);
    section.read("standard_deviation", normalization.standard_deviation, above_zero);
    section.finish();
    return normalization;
}

bool is_of_arrays(DataFormat format)
{
    return format == DataFormat::idx || format == DataFormat::npy || format == DataFormat::npz;
}

std::vector<std::string> read_texts(StrictObject& section, std::string_view key)
{
    std::vector<std::string> texts;
    if (!section.has(key)) return texts;
    const auto& list = section.array(key);
    for (std::size_t i = 0; i < list.size(); ++i)
        section.attempt([&] {
            if (!list[i].is_string() || list[i] == "") refuse(section.path_of(key, i), list[i], "a text");
            if (std::ranges::count(texts, list[i].get<std::string>()) > 0)
                refuse(section.path_of(key, i), list[i], "each text once");
            texts.push_back(list[i]);
        });
    return texts;
}

SplitFiles read_arrays(StrictObject section, DataFormat format)
{
    SplitFiles split;
    if (format == DataFormat::npz) section.read_text("file", split.files.emplace_back());
    section.read_text("samples", split.samples);
    section.read_text("labels", split.labels);
    if (section.has("nodes")) section.read_text("nodes", split.nodes);
    section.finish();
    return split;
}

SplitFiles read_split(StrictObject& files, std::string_view key, DataFormat format)
{
    if (is_of_arrays(format)) return read_arrays(files.object(key), format);
    if (format == DataFormat::images || files.value(key).is_string()) return {.files = {files.text(key)}};
    return {.files = read_texts(files, key)};
}

void read_files(StrictObject& data, DataFiles& own)
{
    auto files = data.object("files");
    files.attempt([&] { own.train = read_split(files, "train", own.format); });
    if (files.has("test")) {
        files.attempt([&] { own.test = read_split(files, "test", own.format); });
        files.attempt([&] {
            if (files.has("test_share")) files.refuse("test_share", "test, or test_share, not both");
        });
    } else {
        own.test_share = 0.2;
        files.read("test_share", own.test_share, between_zero_and_one);
    }
    files.finish();
}

void read_columns(StrictObject& data, DataFiles& own)
{
    if (!data.has("columns")) return;
    if (own.format != DataFormat::csv) data.refuse("columns", "format csv, or leave it out");
    auto columns = data.object("columns");
    const bool each_is_right = columns.attempt([&] {
        columns.read("label", own.label_column);
        columns.read("node", own.node_column);
        own.feature_columns = read_texts(columns, "features");
    });
    columns.finish();
    if (!each_is_right) return;
    const auto is_feature = [&](const std::string& name) { return std::ranges::count(own.feature_columns, name) > 0; };
    columns.attempt([&] {
        if (is_feature(own.label_column) || (!own.node_column.empty() && is_feature(own.node_column)))
            columns.refuse("features", "columns other than the label's and the node's");
    });
    if (own.node_column == own.label_column) columns.refuse("node", "a column other than the label's");
}

void read_shape(StrictObject& data, DataFiles& own)
{
    if (!data.has("shape")) return;
    const auto& sizes = data.array("shape");
    constexpr std::size_t most_axes = 3;
    if (sizes.size() > most_axes)
        data.refuse("shape", "one to three sizes: features; height, width; or channels, height, width");
    for (std::size_t i = 0; i < sizes.size(); ++i)
        data.attempt([&] {
            constexpr std::uint32_t most = 1 << 16;
            if (!sizes[i].is_number_unsigned() || sizes[i] == 0 || sizes[i].get<std::uint64_t>() > most)
                refuse(data.path_of("shape", i), sizes[i], "a whole number from 1 to 65536");
            own.shape.push_back(sizes[i]);
        });
}

void read_channels(StrictObject& data, DataFiles& own)
{
    auto axis = static_cast<std::size_t>(own.channels);
    data.read("channels", axis, channel_axis_words);
    own.channels = static_cast<ChannelAxis>(axis);
    if (own.channels == ChannelAxis::last && !is_of_arrays(own.format))
        data.refuse("channels", "first, or leave it out: only arrays (idx, npy, npz) may have their channels last");
}

DataFiles read_own(StrictObject& data)
{
    DataFiles own;
    const bool format_is_known =
        data.attempt([&] { own.format = static_cast<DataFormat>(data.word("format", data_format_words)); });
    data.read("folder", own.folder);
    if (format_is_known) {
        data.attempt([&] { read_files(data, own); });
        data.attempt([&] { read_columns(data, own); });
        data.attempt([&] { read_channels(data, own); });
    } else {
        data.pass_over({"files", "columns", "channels"});
    }
    data.attempt([&] { read_shape(data, own); });
    data.attempt([&] { own.labels = read_texts(data, "labels"); });
    data.attempt([&] {
        if (data.has("standardize")) own.standardize = data.boolean("standardize");
    });
    return own;
}

/// It names a file of the cache, and is written into every result.
std::string name_of_own(StrictObject& data)
{
    auto name = data.text("dataset");
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (name.empty() || name.size() > longest_name || !std::ranges::all_of(name, allowed))
        data.refuse("dataset", "a name of your own for these files: small letters, digits and -, 64 at most");
    return name;
}

ordered_json split_json(const SplitFiles& split, DataFormat format)
{
    if (!is_of_arrays(format))
        return format == DataFormat::images ? ordered_json(split.files.front()) : ordered_json(split.files);
    ordered_json json;
    if (format == DataFormat::npz) json["file"] = split.files.front();
    json["samples"] = split.samples;
    json["labels"] = split.labels;
    if (!split.nodes.empty()) json["nodes"] = split.nodes;
    return json;
}

void write_own(const DataFiles& own, ordered_json& json)
{
    json["format"] = data_format_words[static_cast<std::size_t>(own.format)];
    if (!own.folder.empty()) json["folder"] = own.folder;
    json["files"]["train"] = split_json(own.train, own.format);
    if (own.test.given())
        json["files"]["test"] = split_json(own.test, own.format);
    else
        json["files"]["test_share"] = own.test_share;
    if (own.format == DataFormat::csv) {
        json["columns"]["label"] = own.label_column;
        if (!own.node_column.empty()) json["columns"]["node"] = own.node_column;
        if (!own.feature_columns.empty()) json["columns"]["features"] = own.feature_columns;
    }
    if (!own.shape.empty()) json["shape"] = own.shape;
    if (own.channels != ChannelAxis::first)
        json["channels"] = channel_axis_words[static_cast<std::size_t>(own.channels)];
    if (!own.labels.empty()) json["labels"] = own.labels;
    if (own.standardize) json["standardize"] = true;
}

/// One value for all channels stands for itself.
ordered_json channels_json(const std::vector<double>& values)
{
    return values.size() == 1 ? ordered_json(values.front()) : ordered_json(values);
}

}  // namespace

Data parse_data(const ordered_json& section)
{
    Mistakes mistakes;
    StrictObject object{section, "data", Wording::specification, &mistakes};
    Data data;
    if (object.has("files") || object.has("format")) {
        object.attempt([&] { data.dataset = name_of_own(object); });
        data.own = read_own(object);
    } else {
        object.read("dataset", data.dataset);
    }
    object.read("stand_in", data.stand_in);
    object.attempt([&] {
        if (data.own && data.stand_in)
            object.refuse("stand_in", "null, or leave it out: nothing stands in for your own files");
    });
    object.attempt([&] {
        if (object.has("normalization")) data.normalization = read_normalization(object.object("normalization"));
    });
    object.read("train_samples", data.train_samples, 1);
    object.read("validation_share", data.validation_share, zero_to_below_one);
    object.attempt([&] {
        if (object.has("measure_test")) data.measure_test = object.boolean("measure_test");
        if (!data.measure_test && data.validation_share == 0)
            object.refuse("measure_test",
                          "true, or a validation_share too: without one, every evaluation is on the test set");
    });
    object.finish();
    mistakes.finish();
    return data;
}

ordered_json to_json(const Data& data)
{
    ordered_json json;
    json["dataset"] = data.dataset;
    if (data.own) write_own(*data.own, json);
    if (data.stand_in) json["stand_in"] = *data.stand_in;
    json["normalization"]["mean"] = channels_json(data.normalization.mean);
    json["normalization"]["standard_deviation"] = channels_json(data.normalization.standard_deviation);
    if (data.train_samples) json["train_samples"] = *data.train_samples;
    if (data.validation_share > 0) json["validation_share"] = data.validation_share;
    if (!data.measure_test) json["measure_test"] = false;
    return json;
}

void put_before_paths(ordered_json& section, const std::filesystem::path& folder)
{
    if (!section.is_object() || !section.contains("files") || !section["files"].is_object()) return;
    const bool of_archive = section.value("format", ordered_json{}) == "npz";
    const auto put_before = [&](ordered_json& path) {
        if (path.is_string() && path != "") path = (folder / path.get<std::string>()).lexically_normal().string();
    };
    for (const auto* key : {"train", "test"}) {
        if (!section["files"].contains(key)) continue;
        auto& split = section["files"][key];
        put_before(split);
        if (split.is_array())
            for (auto& path : split) put_before(path);
        if (!split.is_object()) continue;
        // The arrays of an archive are names in it.
        for (auto& [name, path] : split.items())
            if (!of_archive || name == "file") put_before(path);
    }
}

}  // namespace fedgram::spec
