#include "common/learning/native/native_replica.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "common/learning/training/stored_batch.hpp"

namespace fedgram::learning::native {

namespace {

const Bf16Kernels* bf16_of(const spec::Optimizer& optimizer)
{
    if (optimizer.precision == spec::Precision::float32) return nullptr;
    if (const auto missing = missing_for_bf16(); !missing.empty()) throw SystemError{"precision: " + missing};
    return bf16_kernels();
}

}  // namespace

NativeReplica::NativeReplica(const Model& model, const spec::Optimizer& optimizer, const Kernels& kernels)
    : network_{model, kernels, bf16_of(optimizer)},
      parameters_(model.parameters.size),
      gradient_(model.parameters.size),
      trained_{model.parameters.trained_size()},
      name_{model.name},
      least_batch_{least_training_batch(model)},
      optimizer_{optimizer, model.parameters}
{
    network_.take(parameters_);
}

void NativeReplica::begin(std::span<const float> parameters, std::uint64_t seed, const GradientCorrection& correction)
{
    std::copy(parameters.begin(), parameters.end(), parameters_.begin());
    network_.take(parameters_);
    optimizer_.reset(correction);
    seed_ = seed;
    steps_ = 0;
}

double NativeReplica::step(const Batch& batch, double learning_rate)
{
    check_training_batch(name_, least_batch_, batch.labels.size());
    network_.draw_by(seed_, steps_++);
    const double loss = network_.gradient(batch, gradient_);
    const Gradient whole{0, std::span{gradient_}.first(trained_)};
    optimizer_.step(parameters_, std::span{&whole, 1}, learning_rate);
    network_.track(parameters_);
    network_.take(parameters_);
    return loss;
}

Score NativeReplica::evaluate(const Batch& batch)
{
    const std::size_t evaluation_part = network_.evaluation_part();
    Score sum;
    for (std::size_t first = 0; first < batch.labels.size(); first += evaluation_part) {
        const std::size_t count = std::min(evaluation_part, batch.labels.size() - first);
        const auto part = network_.evaluate(batch.part(first, count));
        sum.loss_sum += part.loss_sum;
        sum.correct += part.correct;
        sum.samples += part.samples;
    }
    return sum;
}

void NativeReplica::read(std::span<float> parameters) const
{
    std::copy(parameters_.begin(), parameters_.end(), parameters.begin());
}

std::vector<std::byte> NativeReplica::state() const
{
    StateWriter writer;
    writer.add(std::span<const float>{parameters_});
    optimizer_.write(writer);
    if (network_.draws()) {
        writer.add(std::span{&seed_, 1});
        writer.add(std::span{&steps_, 1});
    }
    return writer.take();
}

void NativeReplica::restore(std::span<const std::byte> state)
{
    StateReader reader{state};
    reader.read(std::span<float>{parameters_});
    optimizer_.read(reader);
    if (network_.draws()) {
        reader.read(std::span{&seed_, 1});
        reader.read(std::span{&steps_, 1});
    }
    network_.take(parameters_);
}

}  // namespace fedgram::learning::native
