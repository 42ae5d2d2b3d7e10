#include "common/learning/native/residual_stages.hpp"

#include <algorithm>

#include "common/learning/native/runs.hpp"

namespace fedgram::learning::native {

SumStage::SumStage(const Kernels& kernels, Activation activation, Activations& body, Activations& shortcut,
                   Activations& out, bool body_gradient, bool shortcut_gradient)
    : kernels_{kernels},
      activation_{activation},
      body_{body},
      shortcut_{shortcut},
      out_{out},
      body_gradient_{body_gradient},
      shortcut_gradient_{shortcut_gradient}
{
}

RowGradient SumStage::row_gradient(std::size_t at) const
{
    return {gradients_of(out_).data() + at, values_of(out_).data() + at, activation_};
}

void SumStage::forward_part(Part part)
{
    // The first term goes to the output, since three places have three borders.
    for_each_run(body_, out_, part, [&](const Run& run) {
        std::copy_n(values_of(body_).data() + run.a, run.count, values_of(out_).data() + run.b);
    });
    for_each_run(shortcut_, out_, part, [&](const Run& run) {
        float* const sum = values_of(out_).data() + run.b;
        kernels_.add(sum, values_of(shortcut_).data() + run.a, activation_, run.count, sum);
    });
}

void SumStage::backward_part(Part part)
{
    const auto write = [&](Activations& term) {
        for_each_gradient_run(term, out_, part, [&](const Run& run) {
            kernels_.before_activation(row_gradient(run.b), run.count, gradients_of(term).data() + run.a);
        });
    };
    if (shortcut_gradient_) write(shortcut_);
    if (body_gradient_) write(body_);
}

void SumStage::add_gradient(Part part, Activations& in) const
{
    for_each_gradient_run(in, out_, part, [&](const Run& run) {
        kernels_.add_before_activation(row_gradient(run.b), run.count, gradients_of(in).data() + run.a);
    });
}

BranchStage::BranchStage(const Kernels& kernels, Activations& in, Activations& out, bool input_gradient)
    : kernels_{kernels}, in_{in}, out_{out}, input_gradient_{input_gradient}
{
}

void BranchStage::forward_part(Part part)
{
    for_each_run(in_, out_, part, [&](const Run& run) {
        std::copy_n(values_of(in_).data() + run.a, run.count, values_of(out_).data() + run.b);
    });
}

void BranchStage::backward_part(Part part)
{
    if (!input_gradient_) return;
    for_each_run(in_, out_, part, [&](const Run& run) {
        const RowGradient row{gradients_of(out_).data() + run.b, nullptr, Activation::none};
        kernels_.add_before_activation(row, run.count, gradients_of(in_).data() + run.a);
    });
}

}  // namespace fedgram::learning::native
