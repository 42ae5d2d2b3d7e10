#include "common/learning/quantization/fused_layers.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <variant>

#include "common/error/error.hpp"
#include "common/spec/words.hpp"

namespace fedgram::learning {

namespace {

std::size_t slot_of(const Model& model, const std::string& name)
{
    const auto& slots = model.parameters.slots;
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](const auto& each) { return each.name == name; });
    assert(slot != slots.end());
    return static_cast<std::size_t>(slot - slots.begin());
}

// What each kind of layer is in int8. A new kind is refused until it gets its own.
class Fusion {
public:
    explicit Fusion(const Model& model) : model_{model} {}

    std::vector<FusedLayer> run()
    {
        for (place_ = 0; place_ < model_.layers.size(); ++place_)
            std::visit([this](const auto& layer) { take(layer); }, model_.layers[place_].layer);
        return fused_;
    }

private:
    void take(const spec::Conv2d& conv)
    {
        if (conv.groups != 1 || !conv.bias) refuse("int8 knows convolutions of one group, with a bias");
        take_weights();
    }
    void take(const spec::Linear&) { take_weights(); }
    void take(const spec::Relu&)
    {
        if (fused_.empty() || fused_.back().output + 1 != place_ || fused_.back().has_relu())
            refuse("it isn't directly behind a conv2d or linear layer; move it there");
        fused_.back().output = place_;
    }
    // Codes go through these as they are.
    void take(const spec::MaxPool2d&) {}
    void take(const spec::AvgPool2d&) {}
    void take(const spec::Flatten&) {}
    template <class Other>
    void take(const Other&)
    {
        refuse("int8 knows conv2d, linear, relu, max_pool2d, avg_pool2d and flatten");
    }

    void take_weights()
    {
        const auto& name = model_.layers[place_].name;
        fused_.push_back({.layer = place_,
                          .output = place_,
                          .weight = slot_of(model_, name + ".weight"),
                          .bias = slot_of(model_, name + ".bias")});
    }

    [[noreturn]] void refuse(const std::string& reason) const
    {
        throw SpecError{"model.layers[" + std::to_string(place_) +
                        "]: " + std::string{spec::layer_words[model_.layers[place_].layer.index()]} +
                        " can't be quantized to int8: " + reason};
    }

    const Model& model_;
    std::size_t place_ = 0;
    std::vector<FusedLayer> fused_;
};

}  // namespace

std::vector<FusedLayer> fused_layers(const Model& model)
{
    if (!model.torchscript.empty())
        throw SpecError{"model.torchscript: " + model.torchscript +
                        " can't be quantized to int8; use a built-in model or give model.layers"};
    auto fused = Fusion{model}.run();
    if (fused.empty()) throw SpecError{"model.layers: no layer has weights, so there is nothing to quantize to int8"};
    return fused;
}

}  // namespace fedgram::learning
