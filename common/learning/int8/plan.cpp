#include "common/learning/int8/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "common/error/error.hpp"
#include "common/learning/int8/addition_stage.hpp"
#include "common/learning/int8/convolution_stage.hpp"
#include "common/learning/int8/depthwise_stage.hpp"
#include "common/learning/int8/linear_stage.hpp"
#include "common/learning/int8/packed_layer.hpp"
#include "common/learning/int8/pooling_stage.hpp"
#include "common/learning/quantization/affine_quantizer.hpp"

namespace fedgram::learning::int8 {

namespace {

using Layers = std::vector<LayerInfo>;

// Means of up to so many codes are exact.
constexpr std::size_t most_codes = 65'535;

CodeLayout layout_of(const LayerInfo& layer)
{
    const auto extent = [&](std::size_t axis) {
        return axis < layer.output_shape.size() ? static_cast<std::size_t>(layer.output_shape[axis]) : 1;
    };
    return {extent(0), extent(1), extent(2), 0};
}

bool has_weights(const LayerInfo* layer)
{
    return std::holds_alternative<spec::Conv2d>(layer->layer) || std::holds_alternative<spec::Linear>(layer->layer);
}

bool is_residual(const LayerInfo* layer) { return std::holds_alternative<spec::Residual>(layer->layer); }

// The widest padding that convolutions want around what comes to the layers from `next` on.
std::size_t padding_ahead(const Layers& layers, std::size_t next)
{
    for (; next < layers.size(); ++next) {
        const auto& layer = layers[next].layer;
        if (const auto* const conv = std::get_if<spec::Conv2d>(&layer)) return conv->padding;
        if (std::holds_alternative<spec::Residual>(layer))
            return std::max(padding_ahead(layers[next].body, 0), padding_ahead(layers[next].shortcut, 0));
        if (!std::holds_alternative<spec::Dropout>(layer) && !std::holds_alternative<spec::Flatten>(layer)) return 0;
    }
    return 0;
}

/// Of the whole model: what has been planned, and which quantized layer comes next.
struct Planning {
    const QuantizedModel& model;
    const Kernels& kernels;
    Plan plan{};
    std::optional<std::size_t> first_linear{};
    std::size_t weighted = 0;
    std::size_t added = 0;

    std::size_t add_codes(const CodeLayout& layout, const Quantizer& quantizer)
    {
        plan.codes.push_back({layout, quantizer});
        return plan.codes.size() - 1;
    }
};

/// Goes through one list of layers, the model's or a residual's; some are computed together with the one before.
class Line {
public:
    Line(Planning& planning, const Layers& layers, std::size_t codes)
        : planning_{planning}, layers_{layers}, now_{codes}
    {
    }

    /// The place of the codes that the last layer gives.
    std::size_t run()
    {
        while (next_ < layers_.size()) {
            const auto& layer = layers_[next_++];
            std::visit([&](const auto& kind) { add(layer, kind); }, layer.layer);
        }
        return now_;
    }

private:
    template <class Kind>
    [[nodiscard]] const Kind* ahead(std::size_t distance = 0) const
    {
        return next_ + distance < layers_.size() ? std::get_if<Kind>(&layers_[next_ + distance].layer) : nullptr;
    }

    [[nodiscard]] bool relu_ahead() const { return ahead<spec::Relu>() || ahead<spec::Relu6>(); }

    // The codes that a ReLU or ReLU6 leaves, if it comes next.
    CodeRange take_activation(const Quantizer& quantizer)
    {
        if (!relu_ahead()) return {};
        const bool has_upper_end = ahead<spec::Relu6>();
        ++next_;
        return {quantizer.zero_point, has_upper_end ? code_of(6, quantizer) : 255};
    }

    [[nodiscard]] const PlannedCodes& now() const { return planning_.plan.codes[now_]; }

    // Codes with the border that the next layers want.
    std::size_t add_codes(CodeLayout layout, const Quantizer& quantizer)
    {
        layout.border = padding_ahead(layers_, next_);
        return planning_.add_codes(layout, quantizer);
    }

    void add_step(std::unique_ptr<Stage> stage, std::size_t out)
    {
        planning_.plan.steps.push_back({std::move(stage), now_, now_, out});
        now_ = out;
    }

    const QuantizedLayer& next_quantized(const LayerInfo& layer)
    {
        const auto& quantized = planning_.model.layers[planning_.weighted++];
        if (quantized.input != now().quantizer)
            throw SpecError{"int8 layer " + layer.name +
                            ": its input has another scale or zero point than what the layer before gives"};
        return quantized;
    }

    // Whether a max-pooling by 2 x 2 and at most a ReLU before it come next.
    [[nodiscard]] bool pooling_ahead() const
    {
        const auto* const pool = ahead<spec::MaxPool2d>(relu_ahead() ? 1 : 0);
        return pool && pool->kernel == 2 && pool->stride == 2;
    }

    void add(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        const CodeLayout from = now().layout;
        const auto& quantized = next_quantized(layer);
        if (conv.groups > 1) {
            if (conv.groups != from.channels || conv.groups != conv.channels)
                throw SpecError{layer.name + ": int8 runs convolutions of one group, or of a group for each channel; " +
                                std::to_string(conv.groups) + " groups make " + std::to_string(conv.channels) +
                                " channels of " + std::to_string(from.channels)};
            add_depthwise(layer, conv, quantized);
            return;
        }
        const bool pooled = pooling_ahead();
        CodeRange range = take_activation(quantized.output);
        const LayerInfo& last = pooled ? layers_[next_++] : layer;
        if (pooled) {  // with which an activation commutes
            const CodeRange behind = take_activation(quantized.output);
            range = {std::max(range.lowest, behind.lowest), std::min(range.highest, behind.highest)};
        }
        PackedLayer packed{
            planning_.kernels, layer.name, quantized, conv.channels, {from.channels, conv.kernel, conv.kernel}, range};
        const std::size_t out = add_codes(layout_of(last), quantized.output);
        add_step(std::make_unique<ConvolutionStage>(planning_.kernels, std::move(packed),
                                                    ConvolutionStage::Geometry{conv.stride, conv.padding, pooled}, from,
                                                    planning_.plan.codes[out].layout),
                 out);
    }

    void add_depthwise(const LayerInfo& layer, const spec::Conv2d& conv, const QuantizedLayer& quantized)
    {
        const CodeLayout from = now().layout;
        PackedLayer packed{planning_.kernels,
                           layer.name,
                           quantized,
                           conv.channels,
                           {1, conv.kernel, conv.kernel, WindowShape::Kind::depthwise},
                           take_activation(quantized.output)};
        const std::size_t out = add_codes(layout_of(layer), quantized.output);
        add_step(std::make_unique<DepthwiseStage>(planning_.kernels, std::move(packed),
                                                  DepthwiseStage::Geometry{conv.stride, conv.padding}, from,
                                                  planning_.plan.codes[out].layout),
                 out);
    }

    void add(const LayerInfo& layer, const spec::Linear& linear)
    {
        drop_border();
        const CodeLayout from = now().layout;
        const auto& quantized = next_quantized(layer);
        PackedLayer packed{planning_.kernels,
                           layer.name,
                           quantized,
                           linear.features,
                           {from.channels, from.height, from.width, WindowShape::Kind::whole_image},
                           take_activation(quantized.output)};
        if (!planning_.first_linear) planning_.first_linear = planning_.plan.steps.size();
        const std::size_t out = add_codes(layout_of(layer), quantized.output);
        add_step(
            std::make_unique<LinearStage>(planning_.kernels, std::move(packed), from, planning_.plan.codes[out].layout),
            out);
    }

    // A linear layer takes an image as one run of memory. It has a border only where a convolution takes it, too.
    void drop_border()
    {
        if (now().layout.border == 0) return;
        CodeLayout layout = now().layout;
        layout.border = 0;
        add_pooling(planning_.add_codes(layout, now().quantizer), Pooling::largest, {}, {});
    }

    // The codes stay where and as they are.
    void add(const LayerInfo&, const spec::Flatten&) {}
    void add(const LayerInfo&, const spec::Dropout&) {}

    void add(const LayerInfo& layer, const spec::MaxPool2d& pool)
    {
        const CodeRange range = take_activation(now().quantizer);
        add_pooling(add_codes(layout_of(layer), now().quantizer), Pooling::largest,
                    {pool.kernel, pool.kernel, pool.stride}, range);
    }
    void add(const LayerInfo& layer, const spec::AvgPool2d& pool)
    {
        add_mean(layer, {pool.kernel, pool.kernel, pool.stride});
    }
    void add(const LayerInfo& layer, const spec::GlobalAvgPool2d&)
    {
        add_mean(layer, {now().layout.height, now().layout.width, 1});
    }
    void add_mean(const LayerInfo& layer, const PoolingStage::Window& window)
    {
        if (window.height * window.width > most_codes)
            throw SpecError{"int8 layer " + layer.name + ": means of " + std::to_string(window.height * window.width) +
                            " codes; int8 takes up to " + std::to_string(most_codes)};
        add_pooling(add_codes(layout_of(layer), now().quantizer), Pooling::mean, window, {});
    }

    // By themselves, the largest of one code that is within their range.
    void add(const LayerInfo&, const spec::Relu&) { add_activation(); }
    void add(const LayerInfo&, const spec::Relu6&) { add_activation(); }
    void add_activation()
    {
        --next_;
        const CodeRange range = take_activation(now().quantizer);
        add_pooling(add_codes(now().layout, now().quantizer), Pooling::largest, {}, range);
    }

    void add_pooling(std::size_t out, Pooling kind, const PoolingStage::Window& window, const CodeRange& range)
    {
        add_step(std::make_unique<PoolingStage>(planning_.kernels, kind, window, range, now().layout,
                                                planning_.plan.codes[out].layout),
                 out);
    }

    void add(const LayerInfo& layer, const spec::Residual&)
    {
        const std::size_t body = Line{planning_, layer.body, now_}.run();
        const std::size_t shortcut = Line{planning_, layer.shortcut, now_}.run();
        const Quantizer quantizer = planning_.model.additions[planning_.added++];
        const PlannedCodes first = planning_.plan.codes[body];
        const PlannedCodes second = planning_.plan.codes[shortcut];
        check_quantizers(layer.name, quantizer, first, second);
        const auto term = [](const Quantizer& of) { return Addition::Term{of.scale, of.zero_point}; };
        const Addition addition{term(first.quantizer), term(second.quantizer), term(quantizer),
                                take_activation(quantizer)};
        auto layouts = layouts_of_terms(layer.name, first.layout, second.layout);
        const std::size_t out = add_codes(layouts.layers, quantizer);
        layouts.out = planning_.plan.codes[out].layout;
        planning_.plan.steps.push_back(
            {std::make_unique<AdditionStage>(planning_.kernels, addition, layouts), body, shortcut, out});
        now_ = out;
    }

    static void check_quantizers(const std::string& name, const Quantizer& out, const PlannedCodes& first,
                                 const PlannedCodes& second)
    {
        check_quantizer(name, "output", out);
        for (const float scale : {first.quantizer.scale, second.quantizer.scale})
            if (!std::isfinite(255 * scale))
                throw SpecError{"int8 layer " + name + ": scale " + std::to_string(scale) +
                                " of what it adds; 255 times it must be within float32"};
    }

    static AdditionStage::Layouts layouts_of_terms(const std::string& name, const CodeLayout& first,
                                                   const CodeLayout& second)
    {
        const auto extents = [](const CodeLayout& layout) {
            return std::array{layout.channels, layout.height, layout.width};
        };
        if (extents(first) == extents(second)) return {first, second, {}};
        // Flattened codes keep the places that they have in an image, which with one channel or one pixel are those of
        // features.
        const auto flat = [](const CodeLayout& layout) {
            const std::size_t pixels = layout.height * layout.width;
            const bool lies_alike = layout.border == 0 && (layout.channels == 1 || pixels == 1);
            return lies_alike ? CodeLayout{layout.channels * pixels} : layout;
        };
        const AdditionStage::Layouts layouts{flat(first), flat(second), {}};
        if (extents(layouts.layers) != extents(layouts.shortcut))
            throw SpecError{"int8 layer " + name +
                            ": it adds a flattened image to features; flatten behind it, or neither of both"};
        return layouts;
    }

    // Every kind that isn't known above.
    template <class Kind>
    [[noreturn]] void add(const LayerInfo& layer, const Kind&)
    {
        throw SpecError{"int8: layer " + layer.name +
                        " can't be run in integers; use convolutions, linear layers, ReLU, ReLU6, pooling, residuals, "
                        "dropout and flattening"};
    }

    Planning& planning_;
    const Layers& layers_;
    std::size_t next_ = 0;
    std::size_t now_;  // the place of the codes that the next layer gets
};

void check_counts(const QuantizedModel& model)
{
    const auto all = all_layers(model.model);
    const auto weighted = static_cast<std::size_t>(std::ranges::count_if(all, has_weights));
    if (weighted == 0) throw SpecError{"int8: model " + model.model.name + " has no layers with weights"};
    if (model.layers.size() != weighted)
        throw SpecError{"int8: " + std::to_string(model.layers.size()) + " quantized layers; model " +
                        model.model.name + " has " + std::to_string(weighted) + " with weights"};
    const auto residuals = static_cast<std::size_t>(std::ranges::count_if(all, is_residual));
    if (model.additions.size() != residuals)
        throw SpecError{"int8: quantizers of " + std::to_string(model.additions.size()) + " additions; model " +
                        model.model.name + " has " + std::to_string(residuals) + " residuals"};
}

}  // namespace

Plan plan_of(const QuantizedModel& model, const Kernels& kernels)
{
    check_counts(model);
    Planning planning{.model = model, .kernels = kernels};
    const auto& shape = model.model.shape;
    const std::size_t image = planning.add_codes(
        {shape.channels, shape.height, shape.width, padding_ahead(model.model.layers, 0)}, model.layers.front().input);
    const std::size_t logits = Line{planning, model.model.layers, image}.run();
    auto& plan = planning.plan;
    plan.batch_step = planning.first_linear.value_or(plan.steps.size());
    for (std::size_t i = plan.batch_step; i < plan.steps.size(); ++i)
        for (const std::size_t read : {plan.steps[i].in, plan.steps[i].shortcut}) plan.codes[read].whole_batch = true;
    for (std::size_t i = plan.batch_step; i < plan.steps.size(); ++i) plan.codes[plan.steps[i].out].whole_batch = true;
    plan.codes[logits].whole_batch = true;
    return std::move(plan);
}

}  // namespace fedgram::learning::int8
