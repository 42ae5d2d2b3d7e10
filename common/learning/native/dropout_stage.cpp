#include "common/learning/native/dropout_stage.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/native/runs.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning::native {

namespace {

constexpr int parts = 65'536;

}  // namespace

DropoutStage::DropoutStage(const Kernels& kernels, double probability, std::uint64_t number, Activations& in,
                           Activations& out, bool input_gradient)
    : kernels_{kernels},
      dropped_of_65536_{static_cast<std::uint16_t>(std::min(std::round(probability * parts), parts - 1.0))},
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
    draws_.resize(std::max(draws_.size(), padded(count)));
    for (std::size_t i = 0; i < count; i += 4) {
        const auto bits = stream.bits();
        for (std::size_t part = 0; part < 4; ++part) draws_[i + part] = static_cast<std::uint16_t>(bits >> 16 * part);
    }
}

void DropoutStage::begin_forward(std::size_t samples)
{
    std::size_t count = 0;
    for_each_run(in_, out_, {0, samples}, [&](const Run& run) { count += run.count; });
    sample_runs_ = count / samples;
    draw(count);
}

void DropoutStage::forward_part(Part part)
{
    const std::uint16_t* draws = draws_.data() + part.first * sample_runs_;
    for_each_run(in_, out_, part, [&](const Run& run) {
        kernels_.drop(values_of(in_).data() + run.a, draws, dropped_of_65536_, kept_factor_, run.count,
                      values_of(out_).data() + run.b);
        draws += run.count;
    });
}

void DropoutStage::evaluate_part(Part part)
{
    for_each_run(in_, out_, part, [&](const Run& run) {
        std::copy_n(values_of(in_).data() + run.a, run.count, values_of(out_).data() + run.b);
    });
}

void DropoutStage::backward_part(Part part)
{
    if (!input_gradient_) return;
    const std::uint16_t* draws = draws_.data() + part.first * sample_runs_;
    for_each_run(in_, out_, part, [&](const Run& run) {
        kernels_.drop(gradients_of(out_).data() + run.b, draws, dropped_of_65536_, kept_factor_, run.count,
                      gradients_of(in_).data() + run.a);
        draws += run.count;
    });
}

}  // namespace fedgram::learning::native
