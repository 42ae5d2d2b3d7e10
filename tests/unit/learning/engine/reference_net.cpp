#include "tests/unit/learning/engine/reference_net.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace fedgram::learning {

namespace {

using Values = std::vector<double>;
using Extents = std::vector<std::int64_t>;

// One layer's view of a pass: forward fills `output`; backward fills `input_gradient` and adds to the parameters'.
struct Pass {
    const Extents& in;
    const Extents& out;
    const double* weight;  // null where the layer has none
    const double* bias;    // as well
    double* weight_gradient;
    double* bias_gradient;
    const Values& input;
    Values& output;
    const Values* output_gradient;  // null in forward
    Values& input_gradient;
    RoundedProducts rounded;

    [[nodiscard]] bool forward() const { return output_gradient == nullptr; }
};

std::size_t at(const Extents& extents, std::int64_t c, std::int64_t y, std::int64_t x)
{
    return static_cast<std::size_t>((c * extents[1] + y) * extents[2] + x);
}

// Calls visit(output index, input index, weight index) for each pair that a window joins. `plane` counts the kernel's
// planes.
template <class Visit>
void for_each_tap(const Pass& pass, std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t kernel,
                  std::int64_t stride, std::int64_t padding, std::int64_t channel, std::int64_t plane, Visit visit)
{
    for (std::int64_t i = 0; i < kernel; ++i)
        for (std::int64_t j = 0; j < kernel; ++j) {
            const std::int64_t row = y * stride + i - padding;
            const std::int64_t column = x * stride + j - padding;
            if (row >= 0 && row < pass.in[1] && column >= 0 && column < pass.in[2])
                visit(at(pass.out, c, y, x), at(pass.in, channel, row, column),
                      static_cast<std::size_t>((plane * kernel + i) * kernel + j));
        }
}

template <class Visit>
void for_each_output(const Pass& pass, Visit visit)
{
    for (std::int64_t c = 0; c < pass.out[0]; ++c)
        for (std::int64_t y = 0; y < pass.out[1]; ++y)
            for (std::int64_t x = 0; x < pass.out[2]; ++x) visit(c, y, x);
}

struct Apply {
    Pass pass;

    void operator()(const spec::Conv2d& conv) const
    {
        for_each_output(pass, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
            const std::size_t o = at(pass.out, c, y, x);
            if (pass.bias) add_bias(o, static_cast<std::size_t>(c));
            const std::int64_t size = pass.in[0] / conv.groups;
            const std::int64_t group = c / (pass.out[0] / conv.groups);
            for (std::int64_t channel = 0; channel < size; ++channel)
                for_each_tap(pass, c, y, x, conv.kernel, conv.stride, conv.padding, group * size + channel,
                             c * size + channel,
                             [&](std::size_t out, std::size_t in, std::size_t w) { product(out, in, w); });
        });
    }

    void operator()(const spec::Linear&) const
    {
        for (std::size_t o = 0; o < pass.output.size(); ++o) {
            add_bias(o, o);
            for (std::size_t i = 0; i < pass.input.size(); ++i) product(o, i, o * pass.input.size() + i);
        }
    }

    void operator()(const spec::Relu&) const
    {
        elementwise([](double x) { return std::max(x, 0.0); }, [](double x) { return x > 0 ? 1.0 : 0.0; });
    }

    void operator()(const spec::Tanh&) const
    {
        elementwise([](double x) { return std::tanh(x); }, [](double x) { return 1 - std::tanh(x) * std::tanh(x); });
    }

    void operator()(const spec::MaxPool2d& pool) const
    {
        for_each_output(pass, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
            std::size_t best = 0;
            double largest = -std::numeric_limits<double>::infinity();
            for_each_tap(pass, c, y, x, pool.kernel, pool.stride, 0, c, 0,
                         [&](std::size_t, std::size_t in, std::size_t) {
                             if (pass.input[in] > largest) {
                                 largest = pass.input[in];
                                 best = in;
                             }
                         });
            const std::size_t o = at(pass.out, c, y, x);
            if (pass.forward())
                pass.output[o] = largest;
            else
                pass.input_gradient[best] += (*pass.output_gradient)[o];
        });
    }

    void operator()(const spec::AvgPool2d& pool) const
    {
        const double share = 1.0 / (pool.kernel * pool.kernel);
        for_each_output(pass, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
            for_each_tap(pass, c, y, x, pool.kernel, pool.stride, 0, c, 0,
                         [&](std::size_t out, std::size_t in, std::size_t) {
                             if (pass.forward())
                                 pass.output[out] += share * pass.input[in];
                             else
                                 pass.input_gradient[in] += share * (*pass.output_gradient)[out];
                         });
        });
    }

    void operator()(const spec::Relu6&) const
    {
        elementwise([](double x) { return std::clamp(x, 0.0, 6.0); },
                    [](double x) { return x > 0 && x < 6 ? 1.0 : 0.0; });
    }

    void operator()(const spec::Flatten&) const { hand_on(); }
    void operator()(const spec::Dropout&) const { hand_on(); }

    void operator()(const spec::GlobalAvgPool2d&) const
    {
        const auto pixels = static_cast<std::size_t>(pass.in[1] * pass.in[2]);
        for (std::size_t i = 0; i < pass.input.size(); ++i) {
            if (pass.forward())
                pass.output[i / pixels] += pass.input[i] / static_cast<double>(pixels);
            else
                pass.input_gradient[i] = (*pass.output_gradient)[i / pixels] / static_cast<double>(pixels);
        }
    }

    // These look at more than one sample, or at more than one layer: see Net.
    void operator()(const spec::BatchNorm&) const {}
    void operator()(const spec::GroupNorm&) const {}
    void operator()(const spec::Residual&) const {}

private:
    void hand_on() const
    {
        if (pass.forward())
            pass.output = pass.input;
        else
            pass.input_gradient = *pass.output_gradient;
    }

    void add_bias(std::size_t out, std::size_t bias) const
    {
        if (pass.forward())
            pass.output[out] += pass.bias[bias];
        else
            pass.bias_gradient[bias] += (*pass.output_gradient)[out];
    }

    void product(std::size_t out, std::size_t in, std::size_t w) const
    {
        if (pass.forward()) {
            pass.output[out] += factor(pass.weight[w]) * factor(pass.input[in]);
        } else {
            const double gradient = factor((*pass.output_gradient)[out]);
            pass.weight_gradient[w] += gradient * factor(pass.input[in]);
            pass.input_gradient[in] += gradient * factor(pass.weight[w]);
        }
    }

    [[nodiscard]] double factor(double value) const
    {
        const bool is_rounded =
            pass.rounded == RoundedProducts::all || (pass.rounded == RoundedProducts::forward && pass.forward());
        return is_rounded ? to_bfloat16(value) : value;
    }

    template <class Value, class Slope>
    void elementwise(Value value, Slope slope) const
    {
        for (std::size_t i = 0; i < pass.input.size(); ++i) {
            if (pass.forward())
                pass.output[i] = value(pass.input[i]);
            else
                pass.input_gradient[i] = (*pass.output_gradient)[i] * slope(pass.input[i]);
        }
    }
};

std::size_t elements(const Extents& extents)
{
    std::size_t size = 1;
    for (const auto extent : extents) size *= static_cast<std::size_t>(extent);
    return size;
}

using Samples = std::vector<Values>;

// What a layer took and gave, of each sample; of a residual also what went on inside.
struct Record {
    Extents in;
    Samples input;
    Samples output;
    std::vector<Record> body{};
    std::vector<Record> shortcut{};
};

class Net {
public:
    Net(const Model& model, std::span<const double> parameters, ReferenceMode mode, const RoundingRule& rounding,
        Reference& result)
        : parameters_{parameters}, mode_{mode}, rounding_{rounding}, result_{result}
    {
        for (const auto& slot : model.parameters.slots) offsets_[slot.name] = slot.offset;
    }

    Samples forward(const std::vector<LayerInfo>& layers, Extents in, Samples values, std::vector<Record>& records)
    {
        for (const auto& layer : layers) {
            Record record{.in = in, .input = values, .output = {}};
            if (is_normalization(layer)) {
                record.output = values;
                normalize(layer, record, nullptr, record.output);
            } else if (std::holds_alternative<spec::Residual>(layer.layer)) {
                record.output = forward(layer.body, in, values, record.body);
                add(record.output, forward(layer.shortcut, in, values, record.shortcut));
            } else {
                record.output.assign(values.size(), Values(elements(layer.output_shape)));
                Values none;
                for (std::size_t i = 0; i < values.size(); ++i) apply(layer, record, i, nullptr, none);
            }
            values = record.output;
            in = layer.output_shape;
            records.push_back(std::move(record));
        }
        return values;
    }

    Samples backward(const std::vector<LayerInfo>& layers, std::vector<Record>& records, Samples gradient)
    {
        for (std::size_t at = layers.size(); at-- > 0;) {
            const auto& layer = layers[at];
            auto& record = records[at];
            Samples input_gradient(gradient.size(), Values(elements(record.in)));
            if (is_normalization(layer)) {
                normalize(layer, record, &gradient, input_gradient);
            } else if (std::holds_alternative<spec::Residual>(layer.layer)) {
                input_gradient = backward(layer.body, record.body, gradient);
                add(input_gradient, backward(layer.shortcut, record.shortcut, gradient));
            } else {
                for (std::size_t i = 0; i < gradient.size(); ++i)
                    apply(layer, record, i, &gradient[i], input_gradient[i]);
            }
            gradient = std::move(input_gradient);
        }
        return gradient;
    }

private:
    static bool is_normalization(const LayerInfo& layer)
    {
        return std::holds_alternative<spec::BatchNorm>(layer.layer) ||
               std::holds_alternative<spec::GroupNorm>(layer.layer);
    }

    static void add(Samples& to, const Samples& more)
    {
        for (std::size_t i = 0; i < to.size(); ++i)
            for (std::size_t j = 0; j < to[i].size(); ++j) to[i][j] += more[i][j];
    }

    // Where a tensor of a layer lies; nothing where it has none of that name.
    [[nodiscard]] std::optional<std::size_t> offset(const LayerInfo& layer, const std::string& name) const
    {
        const auto found = offsets_.find(layer.name + "." + name);
        return found == offsets_.end() ? std::nullopt : std::optional{found->second};
    }

    void apply(const LayerInfo& layer, Record& record, std::size_t sample, const Values* output_gradient,
               Values& input_gradient)
    {
        const auto weight = offset(layer, "weight");
        const auto bias = offset(layer, "bias");
        auto& gradient = result_.gradient;
        std::visit(
            Apply{{record.in, layer.output_shape, weight ? parameters_.data() + *weight : nullptr,
                   bias ? parameters_.data() + *bias : nullptr, gradient.data() + weight.value_or(0),
                   gradient.data() + bias.value_or(0), record.input[sample], record.output[sample], output_gradient,
                   input_gradient, rounding_ ? rounding_(layer, record.in) : RoundedProducts::none}},
            layer.layer);
    }

    // Values that are normalized together: samples [first, end) and channels [first, end).
    struct Part {
        std::size_t first_sample;
        std::size_t end_sample;
        std::size_t first_channel;
        std::size_t end_channel;
    };

    // Forward fills `to` with outputs; backward, by the outputs' gradient, with the inputs' gradient.
    void normalize(const LayerInfo& layer, const Record& record, const Samples* gradient, Samples& to)
    {
        const auto channels = static_cast<std::size_t>(record.in[0]);
        const std::size_t samples = record.input.size();
        if (const auto* norm = std::get_if<spec::GroupNorm>(&layer.layer)) {
            const std::size_t size = channels / norm->groups;
            for (std::size_t sample = 0; sample < samples; ++sample)
                for (std::size_t channel = 0; channel < channels; channel += size)
                    normalize(layer, record, {sample, sample + 1, channel, channel + size}, gradient, to);
        } else {
            for (std::size_t channel = 0; channel < channels; ++channel)
                normalize(layer, record, {0, samples, channel, channel + 1}, gradient, to);
        }
    }

    void normalize(const LayerInfo& layer, const Record& record, const Part& part, const Samples* gradient, Samples& to)
    {
        const auto pixels = static_cast<std::size_t>(record.in[1] * record.in[2]);
        const auto for_each = [&](const auto& visit) {
            for (std::size_t sample = part.first_sample; sample < part.end_sample; ++sample)
                for (std::size_t c = part.first_channel; c < part.end_channel; ++c)
                    for (std::size_t i = c * pixels; i < (c + 1) * pixels; ++i) visit(sample, c, i);
        };
        double count = 0;
        double mean = 0;
        for_each([&](std::size_t sample, std::size_t, std::size_t i) {
            ++count;
            mean += record.input[sample][i];
        });
        mean /= count;
        double variance = 0;
        for_each([&](std::size_t sample, std::size_t, std::size_t i) {
            variance += std::pow(record.input[sample][i] - mean, 2);
        });
        if (const auto running_mean = offset(layer, "running_mean")) {
            const auto running_variance = *offset(layer, "running_var") + part.first_channel;
            auto& tracked = result_.tracked;
            if (mode_ == ReferenceMode::evaluation) {
                mean = parameters_[*running_mean + part.first_channel];
                variance = parameters_[running_variance] * count;
            } else if (!gradient) {
                auto& of_mean = tracked[*running_mean + part.first_channel];
                of_mean = 0.9 * of_mean + 0.1 * mean;
                tracked[running_variance] = 0.9 * tracked[running_variance] + 0.1 * variance / (count - 1);
            }
        }
        const double deviation = std::sqrt(variance / count + 1e-5);
        const std::size_t weight = *offset(layer, "weight");
        const std::size_t bias = *offset(layer, "bias");
        const auto normal = [&](std::size_t sample, std::size_t i) {
            return (record.input[sample][i] - mean) / deviation;
        };
        if (!gradient) {
            for_each([&](std::size_t sample, std::size_t c, std::size_t i) {
                to[sample][i] = normal(sample, i) * parameters_[weight + c] + parameters_[bias + c];
            });
            return;
        }
        double sum = 0;
        double products = 0;
        for_each([&](std::size_t sample, std::size_t c, std::size_t i) {
            const double g = (*gradient)[sample][i];
            result_.gradient[weight + c] += g * normal(sample, i);
            result_.gradient[bias + c] += g;
            sum += g * parameters_[weight + c];
            products += g * parameters_[weight + c] * normal(sample, i);
        });
        for_each([&](std::size_t sample, std::size_t c, std::size_t i) {
            to[sample][i] = ((*gradient)[sample][i] * parameters_[weight + c] - sum / count -
                             normal(sample, i) * products / count) /
                            deviation;
        });
    }

    std::map<std::string, std::size_t> offsets_;
    std::span<const double> parameters_;
    ReferenceMode mode_;
    const RoundingRule& rounding_;
    Reference& result_;
};

}  // namespace

double to_bfloat16(double value)
{
    int exponent = 0;
    const double fraction = std::frexp(value, &exponent);
    return std::ldexp(std::nearbyint(std::ldexp(fraction, 8)), exponent - 8);
}

Reference reference_step(const Model& model, std::span<const double> parameters, std::span<const float> pixels,
                         std::span<const std::int64_t> labels, ReferenceMode mode, const RoundingRule& rounding)
{
    Reference result;
    result.gradient.resize(parameters.size());
    result.tracked.assign(parameters.begin(), parameters.end());
    const Extents image{model.shape.channels, model.shape.height, model.shape.width};
    const std::size_t image_size = elements(image);
    Samples images;
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        const auto of_sample = pixels.subspan(sample * image_size, image_size);
        images.emplace_back(of_sample.begin(), of_sample.end());
    }

    Net net{model, parameters, mode, rounding, result};
    std::vector<Record> records;
    result.logits = net.forward(model.layers, image, images, records);
    Samples gradients;
    const auto count = static_cast<double>(labels.size());
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        const auto& logits = result.logits[sample];
        const auto label = static_cast<std::size_t>(labels[sample]);
        const double largest = *std::max_element(logits.begin(), logits.end());
        double sum = 0;
        for (const double logit : logits) sum += std::exp(logit - largest);
        result.loss += (largest + std::log(sum) - logits[label]) / count;
        Values gradient(logits.size());  // softmax minus one-hot
        for (std::size_t i = 0; i < logits.size(); ++i)
            gradient[i] = (std::exp(logits[i] - largest) / sum - (i == label ? 1 : 0)) / count;
        gradients.push_back(std::move(gradient));
    }
    (void)net.backward(model.layers, records, std::move(gradients));
    return result;
}

}  // namespace fedgram::learning
