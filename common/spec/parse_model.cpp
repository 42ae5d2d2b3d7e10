#include "common/spec/parse_model.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

template <class Pool>
Pool read_pool(StrictObject& section)
{
    Pool pool;
    static_cast<void>(section.value("kernel"));
    section.read("kernel", pool.kernel, 1);
    pool.stride = pool.kernel;
    section.read("stride", pool.stride, 1);
    return pool;
}

Layer read_layer(const ordered_json& value, const std::string& path)
{
    StrictObject section{value, path, Wording::specification};
    static_cast<void>(section.value("kind"));
    std::size_t kind = 0;
    section.read("kind", kind, layer_words);
    Layer layer;
    const auto word = layer_words[kind];
    if (word == "conv2d") {
        Conv2d conv;
        static_cast<void>(section.value("channels"));
        section.read("channels", conv.channels, 1);
        static_cast<void>(section.value("kernel"));
        section.read("kernel", conv.kernel, 1);
        section.read("stride", conv.stride, 1);
        section.read("padding", conv.padding, 0);
        layer = conv;
    } else if (word == "linear") {
        Linear linear;
        static_cast<void>(section.value("features"));
        section.read("features", linear.features, 1);
        layer = linear;
    } else if (word == "relu") {
        layer = Relu{};
    } else if (word == "tanh") {
        layer = Tanh{};
    } else if (word == "max_pool2d") {
        layer = read_pool<MaxPool2d>(section);
    } else if (word == "avg_pool2d") {
        layer = read_pool<AvgPool2d>(section);
    } else {
        layer = Flatten{};
    }
    section.finish();
    return layer;
}

}  // namespace

ModelSpec parse_model(StrictObject& spec)
{
    const auto& value = spec.value("model");
    ModelSpec model;
    if (value.is_string()) {
        spec.read("model", model.name);
        if (model.name.empty()) spec.refuse("model", "a built-in model's name");
        return model;
    }
    if (!value.is_object()) spec.refuse("model", "a built-in model's name, or an object with layers or torchscript");
    StrictObject section{value, "model", Wording::specification};
    section.read("name", model.name);
    section.read("torchscript", model.torchscript);
    if (section.has("layers")) {
        const auto& layers = section.value("layers");
        if (!layers.is_array() || layers.empty()) section.refuse("layers", "a list of layers");
        for (std::size_t i = 0; i < layers.size(); ++i)
            model.layers.push_back(read_layer(layers[i], "model.layers[" + std::to_string(i) + "]"));
    }
    section.finish();
    if (model.layers.empty() == model.torchscript.empty())
        throw SpecError{"model: " + shown(value) + " is not valid; use exactly one of layers and torchscript"};
    return model;
}

}  // namespace fedgram::spec
