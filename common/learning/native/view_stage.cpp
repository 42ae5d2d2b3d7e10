#include "common/learning/native/view_stage.hpp"

#include <algorithm>

#include "common/learning/native/runs.hpp"

namespace fedgram::learning::native {

namespace {

// Calls `body` with each run of floats that belong to one of the samples: of features, without the padding.
template <class Body>
void for_each_row(const Activations& in, const Activations& out, std::size_t samples, const Body& body)
{
    if (const auto* features = std::get_if<FeatureActivations>(&in)) {
        for (std::size_t i = 0; i < features->features; ++i)
            body(Run{i * padded(samples), i * padded(samples), samples});
        return;
    }
    for_each_run(in, out, {0, samples}, body);
}

// What stands behind the samples is no sample's: zeros, as the linear layers want it.
void clear_padding(const Activations& activations, std::span<float> floats, std::size_t samples)
{
    if (const auto* features = std::get_if<FeatureActivations>(&activations))
        for (std::size_t i = 0; i < features->features; ++i)
            std::ranges::fill(floats.subspan(i * padded(samples) + samples, padded(samples) - samples), 0.0F);
}

}  // namespace

ViewStage::ViewStage(ActivationView& view, std::size_t point, Activations& in, Activations& out, bool input_gradient)
    : view_{view}, point_{point}, in_{in}, out_{out}, input_gradient_{input_gradient}
{
}

void ViewStage::gather(std::size_t samples)
{
    values_.clear();
    const auto in = values_of(in_);
    for_each_row(in_, out_, samples, [&](const Run& run) {
        const auto from = in.begin() + static_cast<std::ptrdiff_t>(run.a);
        values_.insert(values_.end(), from, from + static_cast<std::ptrdiff_t>(run.count));
    });
}

void ViewStage::forward(std::size_t samples)
{
    gather(samples);
    view_.apply(point_, values_);
    const auto out = values_of(out_);
    clear_padding(out_, out, samples);
    const auto* next = values_.data();
    for_each_row(in_, out_, samples, [&](const Run& run) {
        std::copy_n(next, run.count, out.data() + run.b);
        next += run.count;
    });
}

void ViewStage::backward(std::size_t samples, std::span<float>)
{
    if (!input_gradient_) return;
    gather(samples);
    gradients_.clear();
    const auto from = gradients_of(out_);
    for_each_row(in_, out_, samples, [&](const Run& run) {
        const auto row = from.subspan(run.b, run.count);
        gradients_.insert(gradients_.end(), row.begin(), row.end());
    });
    view_.pull_back(point_, values_, gradients_);
    const auto to = gradients_of(in_);
    clear_padding(in_, to, samples);
    const auto* next = gradients_.data();
    for_each_row(in_, out_, samples, [&](const Run& run) {
        std::copy_n(next, run.count, to.data() + run.a);
        next += run.count;
    });
}

}  // namespace fedgram::learning::native
