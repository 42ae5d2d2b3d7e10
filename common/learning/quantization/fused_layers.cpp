#include "common/learning/quantization/fused_layers.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "common/error/error.hpp"
#include "common/spec/words.hpp"

namespace fedgram::learning {

namespace {

std::optional<std::size_t> slot_of(const Model& model, const std::string& name)
{
    const auto& slots = model.parameters.slots;
    const auto slot = std::ranges::find(slots, name, &ParameterSlot::name);
    if (slot == slots.end()) return std::nullopt;
    return static_cast<std::size_t>(slot - slots.begin());
}

// What each kind of layer is in int8. A new kind is refused until it gets its own.
class Fusion {
public:
    explicit Fusion(const Model& model) : model_{model} {}

    std::vector<FusedLayer> run()
    {
        take_all(model_.layers, "model.layers");
        return std::move(fused_);
    }

private:
    void take_all(const std::vector<LayerInfo>& layers, const std::string& path)
    {
        takes_activation_ = false;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto where = path + "[" + std::to_string(i) + "]";
            std::visit([&](const auto& kind) { take(kind, layers[i], where); }, layers[i].layer);
            ++place_;
        }
    }

    void take(const spec::Conv2d& conv, const LayerInfo& info, const std::string& where)
    {
        take_weights(info);
        const bool is_depthwise = conv.groups == conv.channels && channels_of_a_group() == 1;
        if (conv.groups != 1 && !is_depthwise)
            refuse(info, where, "int8 knows convolutions of one group, or of a group for each channel");
    }
    void take(const spec::Linear&, const LayerInfo& info, const std::string&) { take_weights(info); }
    void take(const spec::Relu&, const LayerInfo& info, const std::string& where)
    {
        take_activation(FusedActivation::relu, info, where);
    }
    void take(const spec::Relu6&, const LayerInfo& info, const std::string& where)
    {
        take_activation(FusedActivation::relu6, info, where);
    }
    // Codes go through these as they are.
    void take(const spec::MaxPool2d&, const LayerInfo&, const std::string&) { takes_activation_ = false; }
    void take(const spec::AvgPool2d&, const LayerInfo&, const std::string&) { takes_activation_ = false; }
    void take(const spec::GlobalAvgPool2d&, const LayerInfo&, const std::string&) { takes_activation_ = false; }
    void take(const spec::Flatten&, const LayerInfo&, const std::string&) { takes_activation_ = false; }
    void take(const spec::Dropout&, const LayerInfo&, const std::string&) { takes_activation_ = false; }
    void take(const spec::Residual&, const LayerInfo& info, const std::string& where)
    {
        const auto entry = point_;
        take_all(info.body, where + ".layers");
        const auto given = std::exchange(point_, entry);
        take_all(info.shortcut, where + ".shortcut");
        // The first layer with weights says by which quantizer the network's input becomes codes.
        if (fused_.empty()) refuse(info, where, "no conv2d or linear layer comes before its sum");
        add({.layer = place_, .output = place_, .input = given, .shortcut = point_});
    }
    template <class Other>
    void take(const Other&, const LayerInfo& info, const std::string& where)
    {
        refuse(
            info, where,
            "int8 knows conv2d, linear, relu, relu6, max_pool2d, avg_pool2d, global_avg_pool2d, flatten, dropout and "
            "residual");
    }

    void take_weights(const LayerInfo& info)
    {
        add({.layer = place_,
             .output = place_,
             .input = point_,
             .weight = slot_of(model_, info.name + ".weight"),
             .bias = slot_of(model_, info.name + ".bias")});
    }

    // That go into the convolution taken last.
    [[nodiscard]] std::int64_t channels_of_a_group() const
    {
        return model_.parameters.slots[*fused_.back().weight].shape[1];
    }

    void take_activation(FusedActivation activation, const LayerInfo& info, const std::string& where)
    {
        if (!takes_activation_)
            refuse(info, where, "it isn't directly behind a conv2d or linear layer or a residual; move it there");
        fused_.back().output = place_;
        fused_.back().activation = activation;
        takes_activation_ = false;
    }

    void add(const FusedLayer& step)
    {
        fused_.push_back(step);
        point_ = fused_.size();
        takes_activation_ = true;
    }

    [[noreturn]] static void refuse(const LayerInfo& info, const std::string& where, const std::string& reason)
    {
        throw SpecError{where + ": " + std::string{spec::layer_words[info.layer.index()]} +
                        " can't be quantized to int8: " + reason};
    }

    const Model& model_;
    std::vector<FusedLayer> fused_;
    std::size_t place_ = 0;          // in the order of all_layers
    std::size_t point_ = 0;          // whose codes the next layer takes
    bool takes_activation_ = false;  // whether the layer before was a step without one
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

std::size_t channels_of(const Model& model, const FusedLayer& step)
{
    return static_cast<std::size_t>(model.parameters.slots[*step.weight].shape.front());
}

}  // namespace fedgram::learning
