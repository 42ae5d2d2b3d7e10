#include "common/learning/native/network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/native/batch_norm_stage.hpp"
#include "common/learning/native/convolution_stage.hpp"
#include "common/learning/native/dense_convolution_stage.hpp"
#include "common/learning/native/depthwise_stage.hpp"
#include "common/learning/native/dropout_stage.hpp"
#include "common/learning/native/elementwise_stage.hpp"
#include "common/learning/native/flatten_stage.hpp"
#include "common/learning/native/global_pooling_stage.hpp"
#include "common/learning/native/group_norm_stage.hpp"
#include "common/learning/native/linear_stage.hpp"
#include "common/learning/native/pooling_stage.hpp"
#include "common/learning/native/residual_stages.hpp"
#include "common/random/portable_math.hpp"

namespace fedgram::learning::native {

namespace {

// The bytes that say which pooling position won count to this side.
constexpr std::uint32_t largest_fused_pooling = 16;

double sum_of_magnitudes(const float* values, std::size_t count)
{
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += std::abs(values[i]);
    return sum;
}

double mean_magnitude(const ImageActivations& images, std::size_t samples)
{
    const std::size_t row = images.width * images.channels;
    double sum = 0;
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t y = 0; y < images.height; ++y)
            sum += sum_of_magnitudes(
                images.values.data() + sample * images.sample_stride + images.corner + y * images.row_stride, row);
    return sum / static_cast<double>(samples * images.height * row);
}

double mean_magnitude(const FeatureActivations& features, std::size_t samples)
{
    double sum = 0;
    for (std::size_t feature = 0; feature < features.features; ++feature)
        sum += sum_of_magnitudes(features.values.data() + feature * padded(samples), samples);
    return sum / static_cast<double>(features.features * samples);
}

std::size_t extent(const LayerInfo& layer, std::size_t axis)
{
    return static_cast<std::size_t>(layer.output_shape[axis]);
}

}  // namespace

/// Goes through the layers; some are computed together with the one before.
class Network::Builder {
public:
    Builder(Network& network, const Model& model) : network_{network}, layers_{&model.layers}
    {
        at_ = &add_image(model.shape.channels, model.shape.height, model.shape.width);
    }

    void build()
    {
        while (next_ < layers_->size()) {
            const auto& layer = (*layers_)[next_++];
            std::visit([&](const auto& kind) { add(layer, kind); }, layer.layer);
        }
    }

private:
    template <class Kind>
    [[nodiscard]] const Kind* ahead(std::size_t distance = 0) const
    {
        return next_ + distance < layers_->size() ? std::get_if<Kind>(&(*layers_)[next_ + distance].layer) : nullptr;
    }

    bool skip_relu()
    {
        if (!ahead<spec::Relu>()) return false;
        ++next_;
        return true;
    }

    // That which is computed along with a normalization or a sum, if it comes next.
    Activation take_activation()
    {
        const bool is_relu6 = ahead<spec::Relu6>() != nullptr;
        if (!is_relu6 && !ahead<spec::Relu>()) return Activation::none;
        ++next_;
        return is_relu6 ? Activation::relu6 : Activation::relu;
    }

    // The border of zeros that the first of some layers wants: a convolution's padding. A residual's body wants its
    // own; its shortcut takes a copy.
    [[nodiscard]] static std::size_t border_of(const std::vector<LayerInfo>& layers, std::size_t first)
    {
        if (first == layers.size()) return 0;
        const auto& layer = layers[first];
        if (const auto* conv = std::get_if<spec::Conv2d>(&layer.layer)) return conv->padding;
        return std::holds_alternative<spec::Residual>(layer.layer) ? border_of(layer.body, 0) : 0;
    }

    Activations& add_activations(Activations activations)
    {
        return network_.activations_.emplace_back(std::move(activations));
    }

    Activations& add_image(std::size_t channels, std::size_t height, std::size_t width)
    {
        return add_activations(ImageActivations{channels, height, width, border_of(*layers_, next_)});
    }

    // What comes behind the stage that is added next, of a layer's shape.
    Activations& add_behind(const LayerInfo& layer)
    {
        at_ = &(layer.output_shape.size() == 3 ? add_image(extent(layer, 0), extent(layer, 1), extent(layer, 2))
                                               : add_activations(FeatureActivations{extent(layer, 0)}));
        return *at_;
    }
    ImageActivations& add_image_behind(const LayerInfo& layer) { return std::get<ImageActivations>(add_behind(layer)); }
    FeatureActivations& add_features_behind(const LayerInfo& layer)
    {
        return std::get<FeatureActivations>(add_behind(layer));
    }

    template <class Kind, class... Arguments>
    Kind& add_stage(Arguments&&... arguments)
    {
        auto stage = std::make_unique<Kind>(std::forward<Arguments>(arguments)...);
        auto& added = *stage;
        network_.stages_.push_back(std::move(stage));
        return added;
    }

    // The window of a max-pooling whose windows lie side by side, if that and at most a ReLU before it come next.
    [[nodiscard]] const spec::MaxPool2d* pooling_ahead() const
    {
        const auto* const pool = ahead<spec::MaxPool2d>(ahead<spec::Relu>() ? 1 : 0);
        return pool && pool->kernel == pool->stride && pool->kernel <= largest_fused_pooling ? pool : nullptr;
    }

    void add(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        const auto channels = std::get<ImageActivations>(*at_).channels;
        if (conv.groups > 1 && conv.groups == channels && conv.channels == channels)
            add_depthwise(layer, conv);
        else if (inside_residual_ || !conv.bias || conv.groups > 1 || ahead<spec::BatchNorm>() ||
                 ahead<spec::GroupNorm>())
            add_dense_convolution(layer, conv);
        else
            add_sparse_convolution(layer, conv);
        count_parameters();
    }

    void add_depthwise(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<DepthwiseStage>(network_.kernels_,
                                  DepthwiseStage::Geometry{conv.kernel, conv.stride, conv.padding, conv.bias},
                                  layer.offset, from, to, gradient_wanted_);
    }

    void add_dense_convolution(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<DenseConvolutionStage>(
            network_.kernels_,
            DenseConvolutionStage::Geometry{conv.kernel, conv.stride, conv.padding, conv.groups, conv.bias},
            layer.offset, from, to, gradient_wanted_);
    }

    // One whose gradient is zero at most places: behind a ReLU, and a max-pooling at best.
    void add_sparse_convolution(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        ConvolutionStage::Geometry geometry{.kernel = conv.kernel,
                                            .stride = conv.stride,
                                            .channels = extent(layer, 0),
                                            .height = extent(layer, 1),
                                            .width = extent(layer, 2)};
        const LayerInfo* last = &layer;
        const auto* const pool = pooling_ahead();
        bool rectified = skip_relu();
        if (pool) {
            last = &(*layers_)[next_++];
            geometry.pooling = pool->kernel;
            rectified = skip_relu() || rectified;  // ReLU and pooling commute
        }
        if (rectified) geometry.activation = Activation::relu;
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(*last);
        add_stage<ConvolutionStage>(network_.kernels_, geometry, layer.offset, from, to, gradient_wanted_);
    }

    void add(const LayerInfo& layer, const spec::Linear&)
    {
        const Activation activation = skip_relu() ? Activation::relu : Activation::none;
        auto& from = std::get<FeatureActivations>(*at_);
        auto& to = add_features_behind(layer);
        add_stage<LinearStage>(network_.kernels_, activation, layer.offset, from, to, gradient_wanted_);
        count_parameters();
    }

    void add(const LayerInfo& layer, const spec::Flatten&)
    {
        if (std::holds_alternative<FeatureActivations>(*at_)) return;
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_features_behind(layer);
        add_stage<FlattenStage>(network_.kernels_, from, to, gradient_wanted_, ahead<spec::Linear>() != nullptr);
    }

    void add(const LayerInfo& layer, const spec::MaxPool2d& pool)
    {
        add_pooling(layer, Pooling::largest, pool.kernel, pool.stride);
    }
    void add(const LayerInfo& layer, const spec::AvgPool2d& pool)
    {
        add_pooling(layer, Pooling::mean, pool.kernel, pool.stride);
    }

    void add_pooling(const LayerInfo& layer, Pooling kind, std::size_t kernel, std::size_t stride)
    {
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<PoolingStage>(kind, kernel, stride, from, to, gradient_wanted_);
    }

    void add(const LayerInfo& layer, const spec::GlobalAvgPool2d&)
    {
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<GlobalPoolingStage>(network_.kernels_, from, to, gradient_wanted_);
    }

    void add(const LayerInfo& layer, const spec::Relu&) { add_elementwise(layer, Elementwise::relu); }
    void add(const LayerInfo& layer, const spec::Relu6&) { add_elementwise(layer, Elementwise::relu6); }
    void add(const LayerInfo& layer, const spec::Tanh&) { add_elementwise(layer, Elementwise::tanh); }

    void add_elementwise(const LayerInfo& layer, Elementwise function)
    {
        auto& from = *at_;
        auto& to = add_behind(layer);
        add_stage<ElementwiseStage>(function, from, to, gradient_wanted_);
    }

    void add(const LayerInfo& layer, const spec::Dropout& dropout)
    {
        auto& from = *at_;
        auto& to = add_behind(layer);
        add_stage<DropoutStage>(network_.kernels_, dropout.probability, network_.dropouts_++, from, to,
                                gradient_wanted_);
    }

    void add(const LayerInfo& layer, const spec::BatchNorm&)
    {
        const auto activation = take_activation();
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<BatchNormStage>(network_.kernels_, activation, layer.offset, layer.buffer_offset, from, to,
                                  gradient_wanted_);
        count_parameters();
    }

    void add(const LayerInfo& layer, const spec::GroupNorm& norm)
    {
        const auto activation = take_activation();
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<GroupNormStage>(network_.kernels_, activation, norm.groups, layer.offset, from, to, gradient_wanted_);
        count_parameters();
    }

    // Layers of their own, behind `at_`.
    void build_inside(const std::vector<LayerInfo>& layers)
    {
        const auto outer_layers = std::exchange(layers_, &layers);
        const auto outer_next = std::exchange(next_, 0);
        const bool outer = std::exchange(inside_residual_, true);
        build();
        layers_ = outer_layers;
        next_ = outer_next;
        inside_residual_ = outer;
    }

    // A copy of the input with the border that the shortcut's first layer wants.
    Activations& add_copy(const Activations& of, const std::vector<LayerInfo>& shortcut)
    {
        if (const auto* features = std::get_if<FeatureActivations>(&of))
            return add_activations(FeatureActivations{features->features});
        const auto& image = std::get<ImageActivations>(of);
        return add_activations(ImageActivations{image.channels, image.height, image.width, border_of(shortcut, 0)});
    }

    void add(const LayerInfo& layer, const spec::Residual&)
    {
        auto& input = *at_;
        const bool input_gradient = gradient_wanted_;
        const auto branch = network_.stages_.size();
        Activations* shortcut = &input;
        if (!layer.shortcut.empty()) {
            shortcut = &add_copy(input, layer.shortcut);
            add_stage<BranchStage>(network_.kernels_, input, *shortcut, input_gradient);
        }
        build_inside(layer.body);
        auto& body = *at_;
        const bool body_gradient = std::exchange(gradient_wanted_, input_gradient);
        at_ = shortcut;
        build_inside(layer.shortcut);
        shortcut = at_;
        const bool shortcut_gradient = !layer.shortcut.empty() && gradient_wanted_;
        gradient_wanted_ = body_gradient || gradient_wanted_;

        const auto activation = take_activation();
        auto& to = add_behind(layer);
        const auto& sum =
            add_stage<SumStage>(network_.kernels_, activation, body, *shortcut, to, body_gradient, shortcut_gradient);
        if (layer.shortcut.empty() && input_gradient)
            network_.stages_.insert(network_.stages_.begin() + static_cast<std::ptrdiff_t>(branch),
                                    std::make_unique<IdentityStage>(sum, input));
    }

    // Nothing before the first parameters needs a gradient; all that is made from here on may.
    void count_parameters()
    {
        if (!has_parameters_) network_.first_with_gradients_ = network_.activations_.size() - 1;
        has_parameters_ = gradient_wanted_ = true;
    }

    Network& network_;
    const std::vector<LayerInfo>* layers_;
    std::size_t next_ = 0;
    Activations* at_ = nullptr;  // what the next stage takes
    bool inside_residual_ = false;
    bool has_parameters_ = false;   // anywhere so far
    bool gradient_wanted_ = false;  // something before `at_` has parameters
};

Network::Network(const Model& model, const Kernels& kernels)
    : kernels_{kernels}, image_(std::size_t{model.shape.channels} * model.shape.height * model.shape.width)
{
    Builder{*this, model}.build();
}

void Network::take(std::span<const float> parameters)
{
    for (const auto& stage : stages_) stage->take(parameters);
}

void Network::track(std::span<float> parameters) const
{
    for (const auto& stage : stages_) stage->track(parameters);
}

void Network::draw_by(std::uint64_t seed, std::uint64_t step)
{
    for (const auto& stage : stages_) stage->draw_by(seed, step);
}

void Network::reserve(std::size_t samples)
{
    if (samples <= capacity_) return;
    for (std::size_t i = 0; i < activations_.size(); ++i)
        std::visit([&](auto& activations) { activations.reserve(samples, i >= first_with_gradients_); },
                   activations_[i]);
    for (const auto& stage : stages_) stage->reserve(samples);
    largest_.resize(padded(samples));
    sums_.resize(padded(samples));
    logs_.resize(samples);
    capacity_ = samples;
}

void Network::take_images(const Batch& batch)
{
    reserve(batch.labels.size());
    auto& input = std::get<ImageActivations>(activations_.front());
    const std::size_t pixels = input.height * input.width;
    const bool as_they_are = input.channels == 1 && input.sample_stride == pixels;
    for (std::size_t sample = 0; sample < batch.labels.size(); ++sample) {
        float* const to = input.values.data() + sample * input.sample_stride + input.corner;
        batch.write_image(sample, as_they_are ? to : image_.data());
        if (as_they_are) continue;
        for (std::size_t row = 0; row < input.height; ++row) {
            const float* const from = image_.data() + row * input.width;
            if (input.channels == 1)
                std::copy_n(from, input.width, to + row * input.row_stride);
            else
                kernels_.transpose(from, input.channels, input.width, pixels, to + row * input.row_stride,
                                   input.channels);
        }
    }
}

Score Network::evaluate(const Batch& batch)
{
    take_images(batch);
    for (const auto& stage : stages_) stage->evaluate(batch.labels.size());
    const auto& logits = std::get<FeatureActivations>(activations_.back());
    const std::size_t columns = padded(batch.labels.size());
    kernels_.softmax(logits.values.data(), logits.features, columns, columns, 1, largest_.data(), sums_.data(),
                     nullptr);
    Score score;
    score.samples = batch.labels.size();
    portable::log(std::span{sums_}.first(score.samples), logs_);
    for (std::size_t sample = 0; sample < score.samples; ++sample) {
        const auto label = static_cast<std::size_t>(batch.labels[sample]);
        const float of_label = logits.values[label * columns + sample];
        score.loss_sum += logs_[sample] + (static_cast<double>(largest_[sample]) - of_label);
        bool first = of_label == largest_[sample];  // ties go to the lowest class
        for (std::size_t row = 0; row < label; ++row) first = first && logits.values[row * columns + sample] < of_label;
        score.correct += first;
    }
    return score;
}

double Network::mean_output_magnitude(const Batch& batch)
{
    const std::size_t samples = batch.labels.size();
    take_images(batch);
    for (const auto& stage : stages_) stage->forward(samples);
    return std::visit([&](const auto& outputs) { return mean_magnitude(outputs, samples); }, activations_.back());
}

double Network::gradient(const Batch& batch, std::span<float> gradient)
{
    const std::size_t samples = batch.labels.size();
    take_images(batch);
    for (const auto& stage : stages_) stage->forward(samples);
    auto& logits = std::get<FeatureActivations>(activations_.back());
    const std::size_t columns = padded(samples);
    const float share = 1.0F / static_cast<float>(samples);
    kernels_.softmax(logits.values.data(), logits.features, columns, columns, share, largest_.data(), sums_.data(),
                     logits.gradients.data());
    portable::log(std::span{sums_}.first(samples), logs_);
    double loss_sum = 0;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const auto label = static_cast<std::size_t>(batch.labels[sample]);
        logits.gradients[label * columns + sample] -= share;
        loss_sum += logs_[sample] + (static_cast<double>(largest_[sample]) - logits.values[label * columns + sample]);
    }
    for (std::size_t row = 0; row < logits.features; ++row)
        std::fill_n(logits.gradients.data() + row * columns + samples, columns - samples, 0.0F);
    for (auto stage = stages_.rbegin(); stage != stages_.rend(); ++stage) (*stage)->backward(samples, gradient);
    return loss_sum / static_cast<double>(samples);
}

}  // namespace fedgram::learning::native
