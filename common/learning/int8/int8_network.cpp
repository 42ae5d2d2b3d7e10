#include "common/learning/int8/int8_network.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/int8/convolution_stage.hpp"
#include "common/learning/int8/linear_stage.hpp"
#include "common/learning/int8/packed_layer.hpp"
#include "common/learning/int8/pooling_stage.hpp"
#include "common/random/portable_math.hpp"

namespace fedgram::learning {

namespace {

using namespace int8;

// A batch goes through in parts of this many samples, whose codes stay in the cache.
constexpr std::size_t largest_part = 64;

CodeLayout layout_of(const LayerInfo& layer)
{
    const auto extent = [&](std::size_t axis) {
        return axis < layer.output_shape.size() ? static_cast<std::size_t>(layer.output_shape[axis]) : 1;
    };
    return {extent(0), extent(1), extent(2), 0};
}

}  // namespace

/// Goes through the layers; some are computed together with the one before.
class Int8Network::Builder {
public:
    Builder(Int8Network& network, const QuantizedModel& model)
        : network_{network}, layers_{model.model.layers}, quantized_{model.layers}
    {
        const auto weighted = static_cast<std::size_t>(
            std::count_if(layers_.begin(), layers_.end(), [](const auto& layer) { return layer.parameters > 0; }));
        if (weighted == 0) throw SpecError{"int8: model " + model.model.name + " has no layers with weights"};
        if (quantized_.size() != weighted)
            throw SpecError{"int8: " + std::to_string(quantized_.size()) + " quantized layers; model " +
                            model.model.name + " has " + std::to_string(weighted) + " with weights"};
        zero_ = quantized_.front().input;
        const auto& shape = model.model.shape;
        add_codes({shape.channels, shape.height, shape.width, 0});
    }

    void build()
    {
        while (next_ < layers_.size()) {
            const auto& layer = layers_[next_++];
            std::visit([&](const auto& kind) { add(layer, kind); }, layer.layer);
        }
    }

private:
    template <class Kind>
    [[nodiscard]] const Kind* ahead(std::size_t distance = 0) const
    {
        return next_ + distance < layers_.size() ? std::get_if<Kind>(&layers_[next_ + distance].layer) : nullptr;
    }

    Activation take_relu()
    {
        if (!ahead<spec::Relu>()) return Activation::none;
        ++next_;
        return Activation::relu;
    }

    [[nodiscard]] const CodeLayout& in() const { return network_.layouts_.back(); }

    // The border is the next layer's padding.
    void add_codes(CodeLayout layout)
    {
        const auto* const conv = ahead<spec::Conv2d>();
        layout.border = conv ? conv->padding : 0;
        network_.layouts_.push_back(layout);
        network_.zeros_.push_back(static_cast<std::uint8_t>(zero_.zero_point));
    }

    void add_stage(std::unique_ptr<Stage> stage) { network_.stages_.push_back(std::move(stage)); }

    const QuantizedLayer& next_quantized(const LayerInfo& layer)
    {
        const auto& quantized = quantized_[weighted_++];
        if (quantized.input != zero_)
            throw SpecError{"int8 layer " + layer.name +
                            ": its input has another scale or zero point than what the layer before gives"};
        zero_ = quantized.output;
        return quantized;
    }

    // Whether a max-pooling by 2 x 2 and at most a ReLU before it come next.
    [[nodiscard]] bool pooling_ahead() const
    {
        const auto* const pool = ahead<spec::MaxPool2d>(ahead<spec::Relu>() ? 1 : 0);
        return pool && pool->kernel == 2 && pool->stride == 2;
    }

    void add(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        if (conv.groups != 1 || !conv.bias)
            throw SpecError{layer.name + ": int8 runs convolutions of one group, with a bias, alone"};
        const auto& quantized = next_quantized(layer);
        const CodeLayout from = in();
        const bool pooled = pooling_ahead();
        Activation activation = take_relu();
        const LayerInfo& last = pooled ? layers_[next_++] : layer;
        if (pooled && ahead<spec::Relu>()) activation = take_relu();  // ReLU and pooling commute
        PackedLayer packed{
            network_.kernels_, layer.name, quantized, conv.channels, {from.channels, conv.kernel, conv.kernel},
            activation};
        add_codes(layout_of(last));
        add_stage(std::make_unique<ConvolutionStage>(network_.kernels_, std::move(packed),
                                                     ConvolutionStage::Geometry{conv.stride, pooled}, from, in()));
    }

    void add(const LayerInfo& layer, const spec::Linear& linear)
    {
        const auto& quantized = next_quantized(layer);
        const CodeLayout from = in();
        PackedLayer packed{
            network_.kernels_, layer.name, quantized, linear.features, {from.channels, from.height, from.width, true},
            take_relu()};
        network_.batch_stage_ = std::min(network_.batch_stage_, network_.stages_.size());
        add_codes(layout_of(layer));
        add_stage(std::make_unique<LinearStage>(network_.kernels_, std::move(packed), from, in()));
    }

    // The codes stay where they are.
    void add(const LayerInfo&, const spec::Flatten&) {}

    void add(const LayerInfo& layer, const spec::MaxPool2d& pool)
    {
        add_pooling(layout_of(layer), Pooling::largest, {pool.kernel, pool.stride}, take_relu());
    }
    void add(const LayerInfo& layer, const spec::AvgPool2d& pool)
    {
        add_pooling(layout_of(layer), Pooling::mean, {pool.kernel, pool.stride}, Activation::none);
    }
    // By itself, the largest of one code that isn't below the zero point.
    void add(const LayerInfo&, const spec::Relu&) { add_pooling(in(), Pooling::largest, {}, Activation::relu); }

    void add_pooling(const CodeLayout& to, Pooling kind, PoolingStage::Window window, Activation activation)
    {
        const CodeLayout from = in();
        add_codes(to);
        const auto lowest = static_cast<std::uint8_t>(activation == Activation::relu ? zero_.zero_point : 0);
        add_stage(std::make_unique<PoolingStage>(kind, window, lowest, from, in()));
    }

    // Every kind that isn't known above.
    template <class Kind>
    [[noreturn]] void add(const LayerInfo& layer, const Kind&)
    {
        throw SpecError{"int8: layer " + layer.name +
                        " can't be run in integers; use convolutions, linear layers, ReLU, pooling and flattening"};
    }

    Int8Network& network_;
    const std::vector<LayerInfo>& layers_;
    const std::vector<QuantizedLayer>& quantized_;
    Quantizer zero_;  // of the codes that the next layer gets
    std::size_t next_ = 0;
    std::size_t weighted_ = 0;
};

Int8Network::Int8Network(const QuantizedModel& model, InstructionSet set) : kernels_{int8::kernels(set)}
{
    Builder builder{*this, model};
    builder.build();
    input_ = model.layers.front().input;
    output_ = model.layers.back().output;
    batch_stage_ = std::min(batch_stage_, stages_.size());

    const auto& image = layouts_.front();
    image_.resize(image.channels * image.height * image.width);
    planes_.resize(image_.size());
    for (std::size_t difference = 0; difference < falls_.size(); ++difference)
        falls_[difference] = portable::exp(-static_cast<double>(output_.scale) * static_cast<double>(difference));
}

void Int8Network::reserve(std::size_t samples)
{
    if (samples <= capacity_) return;
    codes_.resize(layouts_.size());
    for (std::size_t i = 0; i < layouts_.size(); ++i) {
        const std::size_t held = i < batch_stage_ ? 1 : samples;
        codes_[i].assign(held * layouts_[i].sample_stride() + slack, zeros_[i]);  // a border keeps it
    }
    capacity_ = samples;
}

void Int8Network::take_image(const float* image, std::uint8_t* codes)
{
    const auto& layout = layouts_.front();
    const bool lies_alike = layout.channels == 1 && layout.border == 0;
    std::uint8_t* const planes = lies_alike ? codes : planes_.data();
    kernels_.quantize(image, planes_.size(), input_.scale, input_.zero_point, planes);
    if (lies_alike) return;
    for (std::size_t channel = 0; channel < layout.channels; ++channel)
        for (std::size_t y = 0; y < layout.height; ++y) {
            const std::uint8_t* const from = planes_.data() + (channel * layout.height + y) * layout.width;
            std::uint8_t* const to = codes + layout.corner() + y * layout.row_stride() + channel;
            if (layout.channels == 1)
                std::copy_n(from, layout.width, to);
            else
                for (std::size_t x = 0; x < layout.width; ++x) to[x * layout.channels] = from[x];
        }
}

template <class ImageOf>
void Int8Network::run(std::size_t samples, const ImageOf& image_of)
{
    reserve(samples);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const std::size_t place = batch_stage_ == 0 ? sample : 0;
        take_image(image_of(sample), codes_.front().data() + place * layouts_.front().sample_stride());
        for (std::size_t i = 0; i < batch_stage_; ++i) {
            const bool is_last = i + 1 == batch_stage_;
            stages_[i]->run(codes_[i].data(),
                            codes_[i + 1].data() + (is_last ? sample * layouts_[i + 1].sample_stride() : 0), 1);
        }
    }
    for (std::size_t i = batch_stage_; i < stages_.size(); ++i)
        stages_[i]->run(codes_[i].data(), codes_[i + 1].data(), samples);
}

std::uint8_t Int8Network::code(std::size_t sample, std::size_t label) const
{
    const auto& layout = layouts_.back();
    const std::size_t plane = layout.height * layout.width;
    return codes_.back()[sample * layout.sample_stride() + label % plane * layout.channels + label / plane];
}

void Int8Network::logits(std::span<const float> images, std::span<float> logits)
{
    const std::size_t samples = images.size() / planes_.size();
    const std::size_t classes = layouts_.back().sample_stride();
    assert(images.size() == samples * planes_.size() && logits.size() == samples * classes);
    for (std::size_t first = 0; first < samples; first += largest_part) {
        const std::size_t count = std::min(largest_part, samples - first);
        run(count, [&](std::size_t sample) { return images.data() + (first + sample) * planes_.size(); });
        for (std::size_t sample = 0; sample < count; ++sample)
            for (std::size_t label = 0; label < classes; ++label)
                logits[(first + sample) * classes + label] =
                    output_.scale * static_cast<float>(code(sample, label) - output_.zero_point);
    }
}

void Int8Network::add_score(std::size_t sample, std::int64_t label, Score& score) const
{
    const std::size_t classes = layouts_.back().sample_stride();
    const auto target = static_cast<std::size_t>(label);
    std::size_t largest = 0;
    for (std::size_t i = 1; i < classes; ++i)
        if (code(sample, i) > code(sample, largest)) largest = i;
    const std::uint8_t highest = code(sample, largest);
    double sum = 0;
    for (std::size_t i = 0; i < classes; ++i) sum += falls_[highest - code(sample, i)];
    score.loss_sum += portable::log(sum) + static_cast<double>(output_.scale) * (highest - code(sample, target));
    score.correct += largest == target ? 1 : 0;
    ++score.samples;
}

Score Int8Network::evaluate(const Batch& batch)
{
    Score score;
    for (std::size_t first = 0; first < batch.labels.size(); first += largest_part) {
        const auto part = batch.part(first, std::min(largest_part, batch.labels.size() - first));
        run(part.labels.size(), [&](std::size_t sample) {
            part.write_image(sample, image_.data());
            return image_.data();
        });
        for (std::size_t sample = 0; sample < part.labels.size(); ++sample)
            add_score(sample, part.labels[sample], score);
    }
    return score;
}

}  // namespace fedgram::learning
