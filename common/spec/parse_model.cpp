#include "common/spec/parse_model.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

template <class Pool>
Pool read_pool(StrictObject& section)
{
    Pool pool;
    section.require("kernel");
    section.read("kernel", pool.kernel, 1);
    pool.stride = pool.kernel;
    section.read("stride", pool.stride, 1);
    return pool;
}

// No network needs more residuals inside each other, and a specification may come from anywhere.
constexpr int deepest_residual = 8;

void read_layers(StrictObject& parent, std::string_view key, std::vector<Layer>& layers, int depth);

/// Throws where the kind is wrong: what else stands there can't be judged without it.
Layer read_layer(StrictObject section, int depth)
{
    Layer layer;
    const auto word = layer_words[section.word("kind", layer_words)];
    if (word == "conv2d") {
        Conv2d conv;
        section.require("channels");
        section.read("channels", conv.channels, 1);
        section.require("kernel");
        section.read("kernel", conv.kernel, 1);
        section.read("stride", conv.stride, 1);
        section.read("padding", conv.padding, 0);
        section.read("groups", conv.groups, 1);
        if (section.has("bias")) section.attempt([&] { conv.bias = section.boolean("bias"); });
        section.read("base_channels", conv.base_channels, 1);
        layer = conv;
    } else if (word == "linear") {
        Linear linear;
        section.require("features");
        section.read("features", linear.features, 1);
        section.read("base_features", linear.base_features, 1);
        layer = linear;
    } else if (word == "relu") {
        layer = Relu{};
    } else if (word == "tanh") {
        layer = Tanh{};
    } else if (word == "max_pool2d") {
        layer = read_pool<MaxPool2d>(section);
    } else if (word == "avg_pool2d") {
        layer = read_pool<AvgPool2d>(section);
    } else if (word == "flatten") {
        layer = Flatten{};
    } else if (word == "batch_norm") {
        layer = BatchNorm{};
    } else if (word == "group_norm") {
        GroupNorm norm;
        section.require("groups");
        section.read("groups", norm.groups, 1);
        layer = norm;
    } else if (word == "global_avg_pool2d") {
        layer = GlobalAvgPool2d{};
    } else if (word == "dropout") {
        Dropout dropout;
        section.read("probability", dropout.probability, zero_to_below_one);
        layer = dropout;
    } else if (word == "relu6") {
        layer = Relu6{};
    } else {
        Residual residual;
        if (depth == deepest_residual)
            section.refuse("kind", "at most " + std::to_string(deepest_residual) + " residuals inside each other");
        section.require("layers");
        for (auto [key, layers] : {std::pair{"layers", &residual.layers}, std::pair{"shortcut", &residual.shortcut}})
            if (section.has(key))
                section.attempt([&, key = key, to = layers] { read_layers(section, key, *to, depth + 1); });
        layer = residual;
    }
    section.finish();
    return layer;
}

/// Of a residual addition the shortcut alone may be empty.
void read_layers(StrictObject& parent, std::string_view key, std::vector<Layer>& layers, int depth)
{
    const auto& list = parent.value(key);
    if (!list.is_array() || (list.empty() && key == "layers")) parent.refuse(key, "a list of layers");
    for (std::size_t i = 0; i < list.size(); ++i)
        parent.attempt([&] { layers.push_back(read_layer(parent.item(key, i), depth)); });
}

/// How wide the model is, and by which rules it learns at that width.
void read_width(StrictObject& model, bool has_layers, bool has_torchscript, ModelSpec& spec)
{
    model.read("width", spec.width, model_width);
    if (spec.width != 1 && (has_layers || has_torchscript))
        model.attempt([&] {
            model.refuse("width",
                         "it with a built-in model's name alone; layers and a TorchScript file say their own "
                         "sizes");
        });
    auto word = static_cast<std::size_t>(spec.parametrization);
    model.read("parametrization", word, parametrization_words);
    spec.parametrization = static_cast<Parametrization>(word);
    if (spec.parametrization == Parametrization::mup && has_torchscript)
        model.attempt([&] {
            model.refuse("parametrization",
                         "\"standard\"; a TorchScript file says nothing of its layers' base sizes, "
                         "which muP needs");
        });
}

/// What trainings begin with, and what of that they leave as it is.
void read_start(StrictObject& model, bool has_torchscript, ModelSpec& spec)
{
    model.read("start", spec.start);
    model.read("frozen_to", spec.frozen_to);
    if (!spec.start.empty() && has_torchscript)
        model.attempt([&] {
            model.refuse("start",
                         "it with a built-in model's name or layers; a TorchScript file brings its own first "
                         "parameters");
        });
    if (!spec.frozen_to.empty() && spec.start.empty())
        model.attempt([&] { model.refuse("frozen_to", "it beside start, the file of the model whose layers stay"); });
    if (!spec.frozen_to.empty() && spec.parametrization == Parametrization::mup)
        model.attempt([&] {
            model.refuse("frozen_to",
                         "it with \"parametrization\": \"standard\"; the rates of muP are those of a whole model");
        });
}

}  // namespace

ModelSpec parse_model(StrictObject& spec, std::string_view key)
{
    const auto& value = spec.value(key);
    ModelSpec model;
    if (value.is_string()) {
        const bool is_text = spec.attempt([&] { spec.read(key, model.name); });
        if (is_text && model.name.empty()) spec.refuse(key, "a built-in model's name");
        return model;
    }
    if (!value.is_object()) spec.refuse(key, "a built-in model's name, or an object with layers or torchscript");
    auto section = spec.object(key);
    section.read("name", model.name);
    section.read("torchscript", model.torchscript);
    const bool has_layers = section.has("layers");
    const bool has_torchscript = section.has("torchscript") && section.value("torchscript") != "";
    section.attempt([&] {
        if (has_layers) read_layers(section, "layers", model.layers, 0);
    });
    const bool has_name = section.has("name") && section.value("name") != "";
    read_width(section, has_layers, has_torchscript, model);
    read_start(section, has_torchscript, model);
    const bool keys_are_known = section.attempt([&] { section.finish(); });
    if (has_layers && has_torchscript)
        throw SpecError{spec.path_of(key) + ": " + shown(value) +
                        " is not valid; use exactly one of layers and torchscript"};
    // An unknown key may be the one that is lacking.
    if (!has_layers && !has_torchscript && !has_name && keys_are_known)
        throw SpecError{spec.path_of(key) + ": " + shown(value) +
                        " is not valid; use a built-in model's name, or one of layers and torchscript"};
    return model;
}

}  // namespace fedgram::spec
