#include <algorithm>
#include <map>
#include <utility>

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
#include "common/learning/native/network.hpp"
#include "common/learning/native/pooling_stage.hpp"
#include "common/learning/native/residual_stages.hpp"
#include "common/learning/native/view_stage.hpp"
#include "common/learning/native/winograd_convolution_stage.hpp"

namespace fedgram::learning::native {

namespace {

// The bytes that say which pooling position won count to this side.
constexpr std::uint32_t largest_fused_pooling = 16;

// Of the largest activations of a part: a few stages' are in the second-level cache together.
constexpr std::size_t part_floats = 32'768;

// With fewer channels the transforms take as long as they save.
constexpr std::size_t least_winograd_channels = 8;

// Floats of a layer's transformed filters, which are four times as many as its weights: larger ones come from memory
// for each part.
constexpr std::size_t largest_winograd_filters = 1'048'576;

std::size_t extent(const LayerInfo& layer, std::size_t axis)
{
    return static_cast<std::size_t>(layer.output_shape[axis]);
}

}  // namespace

/// Goes through the layers; some are computed together with the one before.
class Network::Builder {
public:
    Builder(Network& network, const Model& model, const ViewedPoints& points)
        : network_{network}, points_{points}, layers_{&model.layers}
    {
        at_ = &add_image(model.shape.channels, model.shape.height, model.shape.width);
        if (points_.view) add_view(0);
    }

    void build()
    {
        while (next_ < layers_->size()) {
            const auto first = next_;
            const auto& layer = (*layers_)[next_++];
            std::visit([&](const auto& kind) { add(layer, kind); }, layer.layer);
            view_behind(std::span{*layers_}.subspan(first, next_ - first));
        }
    }

    // When all layers are built.
    void finish()
    {
        for (const auto& stage : network_.stages_) {
            auto* const goes_by_parts = dynamic_cast<StageByParts*>(stage.get());
            network_.by_parts_.push_back(goes_by_parts && goes_by_parts->has_parts() ? goes_by_parts : nullptr);
        }
        std::size_t largest = 1;
        for (const auto& each : network_.activations_)
            if (const auto* images = std::get_if<ImageActivations>(&each))
                largest = std::max(largest, images->sample_stride);
        network_.part_size_ = std::max<std::size_t>(1, part_floats / largest);
        lay_out_parts();
        share_gradients();
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

    Activations& add_activations(const Activations& activations)
    {
        return network_.activations_.emplace_back(activations);
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
        (note_use(added, arguments), ...);
        network_.stages_.push_back(std::move(stage));
        return added;
    }

    // Which stages take or give which activations.
    struct Use {
        const Stage* stage;
        const void* activations;  // or the images or features that they are
    };
    void note_use(const Stage& stage, const Activations& activations)
    {
        uses_.push_back({&stage, std::visit([](const auto& each) -> const void* { return &each; }, activations)});
    }
    void note_use(const Stage& stage, const ImageActivations& images) { uses_.push_back({&stage, &images}); }
    void note_use(const Stage& stage, const FeatureActivations& features) { uses_.push_back({&stage, &features}); }
    template <class Other>
    void note_use(const Stage&, const Other&)
    {
    }

    // The step of the way back in which each stage is done; stages that go by parts together have one.
    [[nodiscard]] std::map<const Stage*, std::size_t> backward_steps() const
    {
        std::map<const Stage*, std::size_t> steps;
        std::size_t step = 0;
        for (std::size_t i = network_.stages_.size(); i-- > 0;) {
            const auto* const stage = network_.by_parts(i);
            const auto* const before = network_.by_parts(i + 1);
            if (!stage || !before || stage->observes()) ++step;
            steps[network_.stages_[i].get()] = step;
        }
        return steps;
    }

    // Gradients share memory where no step needs both.
    void share_gradients()
    {
        struct Wanted {
            Activations* activations;
            std::size_t first;
            std::size_t last;
        };
        const auto steps = backward_steps();
        std::vector<Wanted> wanted;
        for (std::size_t i = network_.first_with_gradients_; i < network_.activations_.size(); ++i) {
            auto& activations = network_.activations_[i];
            const auto* const address = std::visit([](const auto& each) -> const void* { return &each; }, activations);
            Wanted each{&activations, steps.size(), 0};
            for (const auto& use : uses_)
                if (use.activations == address) {
                    each.first = std::min(each.first, steps.at(use.stage));
                    each.last = std::max(each.last, steps.at(use.stage));
                }
            // The loss writes the last ones before the first step.
            if (i + 1 == network_.activations_.size()) each.first = 0;
            wanted.push_back(each);
        }
        std::ranges::stable_sort(wanted, {}, &Wanted::first);
        for (const auto& each : wanted) network_.gradients_.add(*each.activations, each.first, each.last);
    }

    // Whether these stages alone use what lies between them.
    [[nodiscard]] bool is_between(const ImageActivations& images, const Stage* before, const Stage* behind) const
    {
        const auto is_used_by = [&](const Stage* stage) {
            return std::ranges::any_of(
                uses_, [&](const Use& use) { return use.stage == stage && use.activations == &images; });
        };
        return is_used_by(before) && is_used_by(behind) && std::ranges::count(uses_, &images, &Use::activations) == 2;
    }

    // What lies between two stages that go by parts.
    void lay_out_parts()
    {
        for (std::size_t i = network_.stages_.size(); i-- > 1;) {
            auto* const before = network_.by_parts(i - 1);
            auto* const behind = network_.by_parts(i);
            if (!before || !behind) continue;
            hold_values(*before, *behind);
            lay_out_gradients(*before, *behind);
        }
    }

    void hold_values(StageByParts& before, const StageByParts& behind) const
    {
        auto* const images = before.images_given();
        if (!images || !behind.takes_from_place() || behind.observes() || !is_between(*images, &before, &behind))
            return;
        images->kept = network_.part_size_;
        if (behind.looks_back()) before.give_again();
    }

    // One that looks at all gradients before its turn wants them for the whole batch.
    void lay_out_gradients(StageByParts& before, const StageByParts& behind) const
    {
        const auto [images, border] = before.gradients_taken();
        if (!images || !behind.gives_gradients_to_place() || !is_between(*images, &before, &behind)) return;
        images->gradient_layout = {images->channels, images->height, images->width, border};
        if (!before.observes()) images->gradient_layout.kept = network_.part_size_;
    }

    // If the view looks at what one of these layers gives, which are computed together.
    void view_behind(std::span<const LayerInfo> layers)
    {
        for (std::size_t i = 0; i < points_.layers.size(); ++i)
            if (std::ranges::any_of(layers, [&](const LayerInfo& each) { return &each == points_.layers[i]; }))
                add_view(i + 1);
    }

    void add_view(std::size_t point)
    {
        auto& from = *at_;
        const auto* const image = std::get_if<ImageActivations>(&from);
        at_ = image ? &add_image(image->channels, image->height, image->width)
                    : &add_activations(FeatureActivations{std::get<FeatureActivations>(from).features});
        add_stage<ViewStage>(*points_.view, point, from, *at_, gradient_wanted_);
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
        else if (is_for_winograd(conv, channels))
            add_winograd_convolution(layer, conv);
        else if (inside_residual_ || !conv.bias || conv.groups > 1 || ahead<spec::BatchNorm>() ||
                 ahead<spec::GroupNorm>())
            add_dense_convolution(layer, conv);
        else
            add_sparse_convolution(layer, conv);
        count_parameters();
    }

    // One whose gradient has no zeros to leave out, and where Winograd's filtering takes less time.
    [[nodiscard]] bool is_for_winograd(const spec::Conv2d& conv, std::size_t channels) const
    {
        return conv.kernel == filter_side && conv.stride == 1 && conv.groups == 1 &&
               (ahead<spec::BatchNorm>() || ahead<spec::GroupNorm>()) && !network_.bf16_ &&
               std::min<std::size_t>(channels, conv.channels) >= least_winograd_channels &&
               patch_places * channels * conv.channels <= largest_winograd_filters;
    }

    void add_winograd_convolution(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        auto& from = std::get<ImageActivations>(*at_);
        auto& to = add_image_behind(layer);
        add_stage<WinogradConvolutionStage>(network_.kernels_,
                                            WinogradConvolutionStage::Geometry{conv.padding, conv.bias}, layer.offset,
                                            from, to, gradient_wanted_);
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
            network_.kernels_, network_.bf16_,
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
        add_stage<ConvolutionStage>(network_.kernels_, network_.bf16_, geometry, layer.offset, from, to,
                                    gradient_wanted_);
    }

    void add(const LayerInfo& layer, const spec::Linear&)
    {
        const Activation activation = skip_relu() ? Activation::relu : Activation::none;
        auto& from = std::get<FeatureActivations>(*at_);
        auto& to = add_features_behind(layer);
        add_stage<LinearStage>(network_.kernels_, network_.bf16_, activation, layer.offset, from, to, gradient_wanted_);
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
        if (layer.shortcut.empty() && input_gradient) {
            auto identity = std::make_unique<IdentityStage>(sum, input);
            note_use(*identity, input);
            note_use(*identity, to);
            network_.stages_.insert(network_.stages_.begin() + static_cast<std::ptrdiff_t>(branch),
                                    std::move(identity));
        }
    }

    // Nothing before the first parameters needs a gradient; all that is made from here on may.
    void count_parameters()
    {
        if (!has_parameters_) network_.first_with_gradients_ = network_.activations_.size() - 1;
        has_parameters_ = gradient_wanted_ = true;
    }

    Network& network_;
    const ViewedPoints& points_;
    std::vector<Use> uses_;
    const std::vector<LayerInfo>* layers_;
    std::size_t next_ = 0;
    Activations* at_ = nullptr;  // what the next stage takes
    bool inside_residual_ = false;
    bool has_parameters_ = false;   // anywhere so far
    bool gradient_wanted_ = false;  // something before `at_` has parameters
};

Network::Network(const Model& model, const Kernels& kernels, const Bf16Kernels* bf16, const ViewedPoints& points)
    : kernels_{kernels}, bf16_{bf16}, image_(std::size_t{model.shape.channels} * model.shape.height * model.shape.width)
{
    Builder builder{*this, model, points};
    builder.build();
    builder.finish();
}

}  // namespace fedgram::learning::native
