#include "tests/unit/learning/engine/reference_net.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

namespace fedgram::learning {

namespace {

using Values = std::vector<double>;
using Extents = std::vector<std::int64_t>;

// One layer's view of a pass: forward fills `output`; backward fills `input_gradient` and adds to the parameters'.
struct Pass {
    const Extents& in;
    const Extents& out;
    const double* weight;  // null without parameters
    const double* bias;
    double* weight_gradient;
    double* bias_gradient;
    const Values& input;
    Values& output;
    const Values* output_gradient;  // null in forward
    Values& input_gradient;

    [[nodiscard]] bool forward() const { return output_gradient == nullptr; }
};

std::size_t at(const Extents& extents, std::int64_t c, std::int64_t y, std::int64_t x)
{
    return static_cast<std::size_t>((c * extents[1] + y) * extents[2] + x);
}

// Calls visit(output index, input index, weight index) for each pair that a window joins.
template <class Visit>
void for_each_tap(const Pass& pass, std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t kernel,
                  std::int64_t stride, std::int64_t padding, std::int64_t channel, Visit visit)
{
    for (std::int64_t i = 0; i < kernel; ++i)
        for (std::int64_t j = 0; j < kernel; ++j) {
            const std::int64_t row = y * stride + i - padding;
            const std::int64_t column = x * stride + j - padding;
            if (row >= 0 && row < pass.in[1] && column >= 0 && column < pass.in[2])
                visit(at(pass.out, c, y, x), at(pass.in, channel, row, column),
                      static_cast<std::size_t>(((c * pass.in[0] + channel) * kernel + i) * kernel + j));
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
            if (pass.forward())
                pass.output[o] += pass.bias[c];
            else
                pass.bias_gradient[c] += (*pass.output_gradient)[o];
            for (std::int64_t channel = 0; channel < pass.in[0]; ++channel)
                for_each_tap(pass, c, y, x, conv.kernel, conv.stride, conv.padding, channel,
                             [&](std::size_t out, std::size_t in, std::size_t w) { product(out, in, w); });
        });
    }

    void operator()(const spec::Linear&) const
    {
        for (std::size_t o = 0; o < pass.output.size(); ++o) {
            if (pass.forward())
                pass.output[o] += pass.bias[o];
            else
                pass.bias_gradient[o] += (*pass.output_gradient)[o];
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
            for_each_tap(pass, c, y, x, pool.kernel, pool.stride, 0, c, [&](std::size_t, std::size_t in, std::size_t) {
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
            for_each_tap(pass, c, y, x, pool.kernel, pool.stride, 0, c,
                         [&](std::size_t out, std::size_t in, std::size_t) {
                             if (pass.forward())
                                 pass.output[out] += share * pass.input[in];
                             else
                                 pass.input_gradient[in] += share * (*pass.output_gradient)[out];
                         });
        });
    }

    void operator()(const spec::Flatten&) const
    {
        if (pass.forward())
            pass.output = pass.input;
        else
            pass.input_gradient = *pass.output_gradient;
    }

private:
    void product(std::size_t out, std::size_t in, std::size_t w) const
    {
        if (pass.forward()) {
            pass.output[out] += pass.weight[w] * pass.input[in];
        } else {
            pass.weight_gradient[w] += (*pass.output_gradient)[out] * pass.input[in];
            pass.input_gradient[in] += (*pass.output_gradient)[out] * pass.weight[w];
        }
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

}  // namespace

Reference reference_step(const Model& model, std::span<const double> parameters, std::span<const float> pixels,
                         std::span<const std::int64_t> labels)
{
    Reference result;
    result.gradient.resize(parameters.size());
    const Extents image{model.shape.channels, model.shape.height, model.shape.width};
    const std::size_t image_size = elements(image);

    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        const auto pixels_of_sample = pixels.subspan(sample * image_size, image_size);
        std::vector<Values> values{{pixels_of_sample.begin(), pixels_of_sample.end()}};
        const auto apply = [&](std::size_t index, const Values* output_gradient, Values& input_gradient) {
            const auto& info = model.layers[index];
            const Extents& in = index == 0 ? image : model.layers[index - 1].output_shape;
            std::size_t weight = 0;
            std::size_t bias = 0;
            for (const auto& slot : model.parameters.slots) {
                if (slot.name == info.name + ".weight") weight = slot.offset;
                if (slot.name == info.name + ".bias") bias = slot.offset;
            }
            std::visit(Apply{{in, info.output_shape, parameters.data() + weight, parameters.data() + bias,
                              result.gradient.data() + weight, result.gradient.data() + bias, values[index],
                              values[index + 1], output_gradient, input_gradient}},
                       info.layer);
        };

        Values none;
        for (std::size_t index = 0; index < model.layers.size(); ++index) {
            values.emplace_back(elements(model.layers[index].output_shape));
            apply(index, nullptr, none);
        }

        const Values& logits = values.back();
        const auto label = static_cast<std::size_t>(labels[sample]);
        const double largest = *std::max_element(logits.begin(), logits.end());
        double sum = 0;
        for (const double logit : logits) sum += std::exp(logit - largest);
        const auto count = static_cast<double>(labels.size());
        result.loss += (largest + std::log(sum) - logits[label]) / count;
        result.logits.push_back(logits);

        Values gradient(logits.size());  // softmax minus one-hot
        for (std::size_t i = 0; i < logits.size(); ++i)
            gradient[i] = (std::exp(logits[i] - largest) / sum - (i == label ? 1 : 0)) / count;
        for (std::size_t index = model.layers.size(); index-- > 0;) {
            Values input_gradient(values[index].size());
            apply(index, &gradient, input_gradient);
            gradient = std::move(input_gradient);
        }
    }
    return result;
}

}  // namespace fedgram::learning
