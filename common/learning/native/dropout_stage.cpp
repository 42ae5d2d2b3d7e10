#include "common/learning/native/dropout_stage.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/native/runs.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning::native {

namespace {

constexpr std::uint64_t parts = 65'536;

}  // namespace

DropoutStage::DropoutStage(const Kernels& kernels, double probability, std::uint64_t number, Activations& in,
                           Activations& out, bool input_gradient)
    : kernels_{kernels},
      dropped_of_65536_{std::min(static_cast<std::uint64_t>(std::round(probability * parts)), parts - 1)},
      kept_factor_{static_cast<float>(parts) / static_cast<float>(parts - dropped_of_65536_)},
      number_{number},
      in_{in},
      out_{out},
      input_gradient_{input_gradient}
{
}

void DropoutStage::draw_by(std::uint64_t seed, std::uint64_t step)
{
    seed_ = seed;
    step_ = step;
}

void DropoutStage::draw(std::size_t count)
{
    Stream stream{seed_, Purpose::dropout, step_, number_};
    factors_.resize(std::max(factors_.size(), padded(count)));
    for (std::size_t i = 0; i < count; i += 4) {
        const auto bits = stream.bits();
        for (std::size_t part = 0; part < 4; ++part)
            factors_[i + part] = ((bits >> (16 * part)) & (parts - 1)) < dropped_of_65536_ ? 0 : kept_factor_;
    }
}

void DropoutStage::forward(std::size_t samples)
{
    std::size_t count = 0;
    for_each_run(in_, out_, samples, [&](const Run& run) { count += run.count; });
    draw(count);
    const float* factors = factors_.data();
    for_each_run(in_, out_, samples, [&](const Run& run) {
        kernels_.multiply(values_of(in_).data() + run.a, factors, run.count, values_of(out_).data() + run.b);
        factors += run.count;
    });
}

void DropoutStage::evaluate(std::size_t samples)
{
    for_each_run(in_, out_, samples, [&](const Run& run) {
        std::copy_n(values_of(in_).data() + run.a, run.count, values_of(out_).data() + run.b);
    });
}

void DropoutStage::backward(std::size_t samples, std::span<float>)
{
    if (!input_gradient_) return;
    const float* factors = factors_.data();
    for_each_run(in_, out_, samples, [&](const Run& run) {
        kernels_.multiply(gradients_of(out_).data() + run.b, factors, run.count, gradients_of(in_).data() + run.a);
        factors += run.count;
    });
}

}  // namespace fedgram::learning::native
