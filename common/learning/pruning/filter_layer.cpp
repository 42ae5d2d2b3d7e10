#include "common/learning/pruning/filter_layer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "common/error/error.hpp"
#include "common/random/portable_math.hpp"

namespace fedgram::learning {

namespace {

double relu(double x) { return x > 0 ? x : 0; }
double relu6(double x) { return std::min(relu(x), 6.0); }

/// The C library's picks its code by CPU.
double tanh(double x)
{
    const double e = portable::exp(-2 * std::abs(x));
    return std::copysign((1 - e) / (1 + e), x);
}

/// Goes through the layers in a row, and through residuals' bodies and shortcuts, which are rows of their own.
class FilterLayers {
public:
    explicit FilterLayers(const ParameterTable& table) : table_{table} {}

    /// `end` is why filters stay whose channels reach the end of the row.
    void add_row(const std::vector<LayerInfo>& row, const std::string& end)
    {
        for (const auto& info : row) {
            info_ = &info;
            std::visit([this](const auto& kind) { add(kind); }, info.layer);
            ++place_;
        }
        stay(end);
    }

    [[nodiscard]] std::vector<FilterLayer> take() { return std::move(layers_); }

private:
    void add(const spec::Conv2d& conv)
    {
        const bool is_depthwise = conv.groups == conv.channels && slot("weight").shape[1] == 1;
        if (conv.groups == 1)
            add_filters(conv.padding > 0);
        else if (is_depthwise)
            add_step(ChannelConvolution{.name = info_->name,
                                        .weights = slot("weight").offset,
                                        .window = slot("weight").size / conv.channels,
                                        .biases = offset_of_bias(),
                                        .pads = conv.padding > 0});
        else
            refuse("its groups are of more than one channel");
    }
    void add(const spec::Linear&) { add_filters(false); }
    void add(const spec::Relu&) { add_step(Activation{relu}); }
    void add(const spec::Relu6&) { add_step(Activation{relu6}); }
    void add(const spec::Tanh&) { add_step(Activation{tanh}); }
    void add(const spec::BatchNorm&)
    {
        add_step(ChannelNorm{info_->name, slot("weight").offset, slot("bias").offset, slot("running_mean").offset,
                             slot("running_var").offset});
    }
    void add(const spec::GroupNorm&) { refuse("a group normalization mixes channels"); }
    // A channel stays by itself, and a constant as it is.
    void add(const spec::MaxPool2d&) {}
    void add(const spec::AvgPool2d&) {}
    void add(const spec::GlobalAvgPool2d&) {}
    void add(const spec::Flatten&) {}
    void add(const spec::Dropout&) {}
    void add(const spec::Residual&)
    {
        const auto& residual = *info_;
        stay(residual.name + " needs all of their channels");
        const auto end = residual.name + " adds their channels to others";
        add_row(residual.body, end);
        add_row(residual.shortcut, end);
    }

    [[noreturn]] void refuse(const std::string& why) const
    {
        throw SpecError{info_->name + ": " + why + ", so that no filter can go alone; prune weights instead"};
    }

    void add_filters(bool pads)
    {
        const auto& weight = slot("weight");
        const auto filters = static_cast<std::uint32_t>(weight.shape.front());
        if (last_) layers_[*last_].next = layers_.size();
        last_ = layers_.size();
        layers_.push_back({.name = info_->name,
                           .place = place_,
                           .filters = filters,
                           .filter_size = weight.size / filters,
                           .weights = weight.offset,
                           .biases = offset_of_bias(),
                           .pads = pads});
    }

    template <class Step>
    void add_step(const Step& step)
    {
        if (last_) layers_[*last_].steps.emplace_back(step);
    }

    void stay(const std::string& why)
    {
        if (last_) layers_[*last_].stays = why;
        last_.reset();
    }

    [[nodiscard]] const ParameterSlot& slot(const std::string& kind) const
    {
        const auto found = std::ranges::find(table_.slots, info_->name + "." + kind, &ParameterSlot::name);
        assert(found != table_.slots.end());
        return *found;
    }

    [[nodiscard]] std::optional<std::size_t> offset_of_bias() const
    {
        const auto* conv = std::get_if<spec::Conv2d>(&info_->layer);
        if (conv != nullptr && !conv->bias) return std::nullopt;
        return slot("bias").offset;
    }

    const ParameterTable& table_;
    std::vector<FilterLayer> layers_;
    const LayerInfo* info_ = nullptr;
    std::size_t place_ = 0;            // of `info_`
    std::optional<std::size_t> last_;  // whose channels come to `info_`
};

}  // namespace

std::vector<FilterLayer> filter_layers(const Model& model)
{
    if (!model.torchscript.empty())
        throw SpecError{"model.torchscript: the filters of " + model.torchscript +
                        " aren't known; use a model of layers"};
    FilterLayers layers{model.parameters};
    layers.add_row(model.layers, "the last layer's are the classes");
    return layers.take();
}

}  // namespace fedgram::learning
