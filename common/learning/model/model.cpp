#include "common/learning/model/model.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/flops.hpp"
#include "common/learning/model/model_width.hpp"

namespace fedgram::learning {

namespace {

// No activation and no parameter tensor has more elements than this (8 GiB): a spec beyond it is
// a typing error, and below it no product of dimensions overflows.
constexpr double largest_tensor = 0x1p31;

std::string text_of(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const auto extent : shape) {
        if (!text.empty()) text += 'x';
        text += std::to_string(extent);
    }
    return text;
}

// Adds the layers one by one; what a layer gives is what the next one takes.
class Builder {
public:
    Builder(Model& model, spec::Parametrization parametrization) : model_{model}, parametrization_{parametrization}
    {
        shape_ = {model.shape.channels, model.shape.height, model.shape.width};
        base_channels_ = model.shape.channels;
        check_size(shape_);
    }

    void add_all(const std::vector<spec::Layer>& layers)
    {
        model_.layers = added(layers, "model.layers");
        move_buffers();
    }

    void finish() const
    {
        if (shape_ != std::vector<std::int64_t>{model_.shape.classes})
            throw SpecError{"model.layers: the last layer gives " + text_of(shape_) + ", but there are " +
                            std::to_string(model_.shape.classes) + " classes; end with a linear layer of " +
                            std::to_string(model_.shape.classes) + " features"};
    }

private:
    [[noreturn]] void refuse(const std::string& text) const { throw SpecError{where_ + ": " + text}; }

    void check_size(const std::vector<std::int64_t>& shape) const
    {
        double size = 1;
        for (const auto extent : shape) size *= static_cast<double>(extent);
        if (size > largest_tensor)
            refuse("a tensor of " + text_of(shape) + " is too large; use smaller channels, features or images");
    }

    void name(const std::string& kind) { info_.name = prefix_ + kind + std::to_string(++count_[kind]); }

    void require_image(const char* layer) const
    {
        if (shape_.size() != 3)
            refuse(std::string{layer} + " takes an image, but its input is flat; put it before flatten");
    }

    void add_slot(ParameterTable& table, ParameterSlot slot)
    {
        check_size(slot.shape);
        slot.name = info_.name + "." + slot.name;
        slot.offset = table.size;
        slot.size = static_cast<std::size_t>(
            std::accumulate(slot.shape.begin(), slot.shape.end(), std::int64_t{1}, std::multiplies<>{}));
        table.size += slot.size;
        info_.parameters += slot.size;
        table.slots.push_back(std::move(slot));
    }

    void add_parameters(const std::string& kind, std::vector<std::int64_t> shape, std::uint64_t fan_in,
                        const WidthScaling& scaling)
    {
        add_slot(model_.parameters, {.name = kind, .shape = std::move(shape), .fan_in = fan_in, .scaling = scaling});
    }

    // As PyTorch's normalizations start: what goes in comes out.
    void add_normalization()
    {
        add_slot(model_.parameters, {.name = "weight", .shape = {shape_[0]}, .constant = 1});
        add_slot(model_.parameters, {.name = "bias", .shape = {shape_[0]}});
    }

    void add_buffer(const std::string& kind, float constant)
    {
        add_slot(buffers_, {.name = kind, .shape = {shape_[0]}, .is_trained = false, .constant = constant});
    }

    // Behind all that is trained: there LibTorch's modules have them, and an optimizer needs to know their place alone.
    void move_buffers()
    {
        auto& table = model_.parameters;
        const std::size_t trained = table.size;
        for (auto slot : buffers_.slots) {
            slot.offset += trained;
            table.slots.push_back(std::move(slot));
        }
        table.size += buffers_.size;
        move_buffers(model_.layers, trained);
    }

    static void move_buffers(std::vector<LayerInfo>& layers, std::size_t trained)
    {
        for (auto& layer : layers) {
            layer.buffer_offset += trained;
            move_buffers(layer.body, trained);
            move_buffers(layer.shortcut, trained);
        }
    }

    // Layers in a row. `path` is how an error names their list.
    std::vector<LayerInfo> added(const std::vector<spec::Layer>& layers, const std::string& path)
    {
        std::vector<LayerInfo> infos;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            where_ = path + "[" + std::to_string(i) + "]";
            info_ = LayerInfo{.layer = layers[i], .name = {}, .output_shape = {}};
            info_.offset = model_.parameters.size;
            info_.buffer_offset = buffers_.size;
            std::visit([this](const auto& kind) { add_kind(kind); }, layers[i]);
            check_size(shape_);
            info_.output_shape = shape_;
            infos.push_back(std::move(info_));
        }
        return infos;
    }

    void refuse_mup(const std::string& kind) const
    {
        if (parametrization_ == spec::Parametrization::mup)
            refuse("muP's rates are worked out for convolutions of one group and linear layers in a row, and not for " +
                   kind + "; use \"parametrization\": \"standard\"");
    }

    // Weight and bias of a layer, before which there are `channels`, or what flattening has made of them.
    void add_weight_and_bias(std::vector<std::int64_t> weight, bool has_bias, std::int64_t channels, std::uint32_t base)
    {
        const auto outputs = weight.front();
        std::uint64_t fan_in = 1;
        for (std::size_t axis = 1; axis < weight.size(); ++axis) fan_in *= static_cast<std::uint64_t>(weight[axis]);
        const auto base_outputs = base == 0 ? outputs : std::int64_t{base};
        WidthScaling of_weight;
        WidthScaling of_bias;
        if (parametrization_ == spec::Parametrization::mup) {
            const WidthRatios ratios{static_cast<double>(channels) / static_cast<double>(base_channels_),
                                     static_cast<double>(outputs) / static_cast<double>(base_outputs)};
            of_weight = mup_weight(ratios);
            of_bias = mup_bias(ratios);
        }
        base_channels_ = base_outputs;
        add_parameters("weight", std::move(weight), fan_in, of_weight);
        if (has_bias) add_parameters("bias", {outputs}, fan_in, of_bias);
    }

    // A window that slides over height and width: convolution and pooling.
    void slide(std::uint32_t kernel, std::uint32_t stride, std::uint32_t padding)
    {
        if (kernel == 0 || stride == 0) refuse("kernel and stride must be at least 1");
        for (const std::size_t axis : {1U, 2U}) {
            const std::int64_t padded = shape_[axis] + 2 * std::int64_t{padding};
            if (padded < kernel)
                refuse("a kernel of " + std::to_string(kernel) + " doesn't fit into the input of " + text_of(shape_) +
                       " with padding " + std::to_string(padding) + "; use a smaller kernel or fewer poolings");
            shape_[axis] = (padded - kernel) / stride + 1;
        }
    }

    void add_kind(const spec::Conv2d& conv)
    {
        require_image("conv2d");
        if (conv.channels == 0) refuse("channels must be at least 1");
        name("conv");
        const std::int64_t in = shape_[0];
        if (conv.groups == 0 || in % conv.groups != 0 || conv.channels % conv.groups != 0)
            refuse("groups of " + std::to_string(conv.groups) + " don't divide the " + std::to_string(in) +
                   " channels that go in and the " + std::to_string(conv.channels) + " that come out");
        if (conv.groups > 1) refuse_mup("groups");
        slide(conv.kernel, conv.stride, conv.padding);
        shape_[0] = conv.channels;
        add_weight_and_bias({conv.channels, in / conv.groups, conv.kernel, conv.kernel}, conv.bias, in,
                            conv.base_channels);
    }

    void add_kind(const spec::Linear& linear)
    {
        if (shape_.size() != 1)
            refuse("linear takes a flat input, but it is " + text_of(shape_) + "; put flatten before it");
        if (linear.features == 0) refuse("features must be at least 1");
        name("fc");
        const std::int64_t in = shape_[0];
        shape_ = {linear.features};
        add_weight_and_bias({linear.features, in}, true, in, linear.base_features);
    }

    void add_kind(const spec::Relu&) { name("relu"); }
    void add_kind(const spec::Relu6&) { name("relu"); }
    void add_kind(const spec::Tanh&) { name("tanh"); }

    void add_kind(const spec::Dropout& dropout)
    {
        if (!(dropout.probability >= 0 && dropout.probability < 1)) refuse("probability must be from 0 to below 1");
        name("dropout");
    }

    void add_kind(const spec::BatchNorm&)
    {
        require_image("batch_norm");
        refuse_mup("batch_norm");
        name("bn");
        add_normalization();
        add_buffer("running_mean", 0);
        add_buffer("running_var", 1);
    }

    void add_kind(const spec::GroupNorm& norm)
    {
        require_image("group_norm");
        refuse_mup("group_norm");
        if (norm.groups == 0 || shape_[0] % norm.groups != 0)
            refuse("groups of " + std::to_string(norm.groups) + " don't divide the " + std::to_string(shape_[0]) +
                   " channels");
        name("gn");
        add_normalization();
    }

    void add_kind(const spec::GlobalAvgPool2d&)
    {
        require_image("global_avg_pool2d");
        name("pool");
        shape_[1] = shape_[2] = 1;
    }

    void add_kind(const spec::Residual& residual)
    {
        refuse_mup("residual");
        if (residual.layers.empty()) refuse("layers must hold at least one layer");
        name("residual");
        auto info = std::move(info_);
        const auto where = where_;
        const auto prefix = prefix_;
        const auto input = shape_;
        const auto base_channels = base_channels_;
        prefix_ = info.name + ".";
        info.body = added(residual.layers, where + ".layers");
        const auto output = std::exchange(shape_, input);
        base_channels_ = base_channels;
        info.shortcut = added(residual.shortcut, where + ".shortcut");
        where_ = where;
        prefix_ = prefix;
        info_ = std::move(info);
        if (shape_ != output)
            refuse("its layers give " + text_of(output) + ", but its shortcut " + text_of(shape_) +
                   "; both must be the same, by a convolution in the shortcut for one");
    }

    void add_kind(const spec::MaxPool2d& pool)
    {
        require_image("max_pool2d");
        name("pool");
        slide(pool.kernel, pool.stride, 0);
    }

    void add_kind(const spec::AvgPool2d& pool)
    {
        require_image("avg_pool2d");
        name("pool");
        slide(pool.kernel, pool.stride, 0);
    }

    void add_kind(const spec::Flatten&)
    {
        name("flatten");
        for (std::size_t axis = 1; axis < shape_.size(); ++axis) base_channels_ *= shape_[axis];
        shape_ = {std::accumulate(shape_.begin(), shape_.end(), std::int64_t{1}, std::multiplies<>{})};
    }

    Model& model_;
    spec::Parametrization parametrization_;
    LayerInfo info_;
    ParameterTable buffers_;
    std::string where_ = "model.layers[0]";  // the layer, in an error's text
    std::string prefix_;                     // "residual1.": what layers' names begin with
    std::vector<std::int64_t> shape_;
    std::int64_t base_channels_ = 0;  // what the first extent of `shape_` is in the base model
    std::map<std::string, int> count_;
};

std::vector<spec::Layer> layers_of(const spec::ModelSpec& spec, std::uint32_t classes)
{
    if (!spec.layers.empty()) return spec.layers;
    if (auto layers = builtin_layers(spec.name, classes)) return at_width(std::move(*layers), spec.width);
    std::string known;
    for (const auto& name : builtin_model_names()) known += name + ", ";
    throw SpecError{"model.name: \"" + spec.name + "\" is no built-in model; use one of " + known + "or give layers"};
}

}  // namespace

Model build_model(const spec::ModelSpec& spec, Shape shape)
{
    Model model;
    model.name = spec.name;
    model.shape = shape;
    Builder builder{model, spec.parametrization};
    builder.add_all(layers_of(spec, shape.classes));
    builder.finish();
    count_cost(model);
    return model;
}

namespace {

void add_to(std::vector<const LayerInfo*>& all, const std::vector<LayerInfo>& layers)
{
    for (const auto& layer : layers) {
        add_to(all, layer.body);
        add_to(all, layer.shortcut);
        all.push_back(&layer);
    }
}

}  // namespace

std::vector<const LayerInfo*> all_layers(const Model& model)
{
    std::vector<const LayerInfo*> all;
    add_to(all, model.layers);
    return all;
}

std::size_t least_training_batch(const Model& model)
{
    const auto has_one_value = [](const LayerInfo* layer) {
        const auto& shape = layer->output_shape;
        return std::holds_alternative<spec::BatchNorm>(layer->layer) && shape[1] * shape[2] == 1;
    };
    return std::ranges::any_of(all_layers(model), has_one_value) ? 2 : 1;
}

void check_training_batch(const std::string& model, std::size_t least, std::size_t samples)
{
    if (samples < least)
        throw DataError{(model.empty() ? "the model" : model) +
                        ": a batch normalization has one value for each channel of a sample, so a batch of one sample "
                        "has no variance; use \"last_batch\": \"drop\" or \"merge\", or another batch size"};
}

}  // namespace fedgram::learning
