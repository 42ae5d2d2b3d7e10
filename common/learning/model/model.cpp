#include "common/learning/model/model.hpp"

#include <functional>
#include <map>
#include <numeric>

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

    void add(const spec::Layer& layer)
    {
        info_ = LayerInfo{.layer = layer, .name = {}, .output_shape = {}};
        std::visit([this](const auto& kind) { add_kind(kind); }, layer);
        check_size(shape_);
        info_.output_shape = shape_;
        model_.layers.push_back(std::move(info_));
    }

    void finish()
    {
        if (shape_ != std::vector<std::int64_t>{model_.shape.classes})
            throw SpecError{"model.layers: the last layer gives " + text_of(shape_) + ", but there are " +
                            std::to_string(model_.shape.classes) + " classes; end with a linear layer of " +
                            std::to_string(model_.shape.classes) + " features"};
    }

private:
    [[noreturn]] void refuse(const std::string& text) const
    {
        throw SpecError{"model.layers[" + std::to_string(model_.layers.size()) + "]: " + text};
    }

    void check_size(const std::vector<std::int64_t>& shape) const
    {
        double size = 1;
        for (const auto extent : shape) size *= static_cast<double>(extent);
        if (size > largest_tensor)
            refuse("a tensor of " + text_of(shape) + " is too large; use smaller channels, features or images");
    }

    void name(const std::string& kind) { info_.name = kind + std::to_string(++count_[kind]); }

    void require_image(const char* layer) const
    {
        if (shape_.size() != 3)
            refuse(std::string{layer} + " takes an image, but its input is flat; put it before flatten");
    }

    void add_parameters(const std::string& kind, std::vector<std::int64_t> shape, std::uint64_t fan_in,
                        const WidthScaling& scaling)
    {
        check_size(shape);
        const auto size =
            static_cast<std::size_t>(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>{}));
        auto& table = model_.parameters;
        table.slots.push_back({info_.name + "." + kind, std::move(shape), table.size, size, fan_in, scaling});
        table.size += size;
        info_.parameters += size;
    }

    // Weight and bias of a layer, before which there are `channels`, or what flattening has made of them.
    void add_weight_and_bias(std::vector<std::int64_t> weight, std::int64_t channels, std::uint32_t base)
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
        add_parameters("bias", {outputs}, fan_in, of_bias);
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
        slide(conv.kernel, conv.stride, conv.padding);
        shape_[0] = conv.channels;
        add_weight_and_bias({conv.channels, in, conv.kernel, conv.kernel}, in, conv.base_channels);
    }

    void add_kind(const spec::Linear& linear)
    {
        if (shape_.size() != 1)
            refuse("linear takes a flat input, but it is " + text_of(shape_) + "; put flatten before it");
        if (linear.features == 0) refuse("features must be at least 1");
        name("fc");
        const std::int64_t in = shape_[0];
        shape_ = {linear.features};
        add_weight_and_bias({linear.features, in}, in, linear.base_features);
    }

    void add_kind(const spec::Relu&) { name("relu"); }
    void add_kind(const spec::Tanh&) { name("tanh"); }

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
    for (const auto& layer : layers_of(spec, shape.classes)) builder.add(layer);
    builder.finish();
    count_cost(model);
    return model;
}

}  // namespace fedgram::learning
