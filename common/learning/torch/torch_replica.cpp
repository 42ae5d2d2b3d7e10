#include "common/learning/torch/torch_replica.hpp"

#include <algorithm>
#include <mutex>
#include <sstream>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include "common/error/error.hpp"
#include "common/learning/torch/batch_tensors.hpp"
#include "common/learning/torch/library_call.hpp"

namespace fedgram::learning::torch_engine {

namespace {

// What each call sets for its thread: computing on this thread alone, and the graph as written. The profiling executor
// would fuse operators after a few runs, so that the bits of a step depended on how many came before it.
struct CallSettings {
    CallSettings() { at::set_num_threads(1); }
    torch::jit::GraphOptimizerEnabledGuard as_written{false};
};

// Held while the process's only default generator carries one replica's state.
std::mutex default_generator;

}  // namespace

TorchReplica::TorchReplica(const Model& model, const spec::Optimizer& optimizer)
    : where_{model.torchscript.empty() ? model.name : model.torchscript},
      shape_{model.shape},
      table_{model.parameters},
      least_batch_{least_training_batch(model)},
      pristine_{make_module(model)},
      flat_(model.parameters.size),
      optimizer_{optimizer, model.parameters},
      random_{draws_random_numbers(pristine_)},
      generator_{at::detail::createCPUGenerator()}
{
    const auto tensors = federated_tensors(pristine_, where_);
    if (!same_slots(table_of(tensors), table_))
        throw DataError{where_ + ": its parameters have changed since the model was described; start anew"};
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (tensors[i].tensor.requires_grad()) trained_offsets_.push_back(table_.slots[i].offset);
    begin(flat_, 0, {});
}

void TorchReplica::begin(std::span<const float> parameters, std::uint64_t seed, const GradientCorrection& correction)
{
    const torch::NoGradGuard no_grad;
    std::copy(parameters.begin(), parameters.end(), flat_.begin());
    // A copy, so that nothing is left of the last training: counters, buffers that don't federate, replaced tensors.
    module_ = pristine_.deepcopy();
    bind();
    optimizer_.reset(correction);
    generator_.set_current_seed(seed);
}

void TorchReplica::bind()
{
    const auto tensors = federated_tensors(module_, where_);
    trained_.clear();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& slot = table_.slots[i];
        auto tensor = tensors[i].tensor;
        tensor.set_data(torch::from_blob(flat_.data() + slot.offset, slot.shape));
        const auto trained = trained_.size();
        if (trained < trained_offsets_.size() && trained_offsets_[trained] == slot.offset)
            trained_.push_back(tensor.set_requires_grad(true));
    }
}

torch::Tensor TorchReplica::forward(const Batch& batch)
{
    const auto count = static_cast<std::int64_t>(batch.labels.size());
    const auto pixels = pixels_of(batch, shape_);
    return or_throw<DataError>([&] { return module_.forward({pixels}).toTensor(); },
                               [&](const std::string& reason) { return failure_text(where_, count, reason); });
}

torch::Tensor TorchReplica::forward_with_own_randomness(const Batch& batch)
{
    const std::lock_guard lock{default_generator};
    auto shared = at::detail::getDefaultCPUGenerator();
    shared.set_state(generator_.get_state());
    auto logits = forward(batch);
    generator_.set_state(shared.get_state());
    return logits;
}

double TorchReplica::step(const Batch& batch, double learning_rate)
{
    const CallSettings settings;
    check_training_batch(where_, least_batch_, batch.labels.size());
    module_.train();
    const auto logits = random_ ? forward_with_own_randomness(batch) : forward(batch);
    const auto loss = at::cross_entropy_loss(logits, labels_of(batch));
    // Not backward(): that would add to .grad, one more pass over the parameters.
    auto tensors = torch::autograd::grad({loss}, trained_, {}, false, false, /*allow_unused=*/true);

    std::vector<Gradient> gradients;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (!tensors[i].defined()) continue;
        // Autograd may hand out one tensor's memory twice, which must not be changed twice.
        tensors[i] =
            optimizer_.changes_gradients() ? tensors[i].clone(at::MemoryFormat::Contiguous) : tensors[i].contiguous();
        gradients.push_back(
            {trained_offsets_[i], {tensors[i].data_ptr<float>(), static_cast<std::size_t>(tensors[i].numel())}});
    }
    optimizer_.step(flat_, gradients, learning_rate);
    return loss.item<float>();
}

Score TorchReplica::evaluate(const Batch& batch)
{
    const CallSettings settings;
    const torch::NoGradGuard no_grad;
    module_.eval();
    return score_of(forward(batch), batch.labels);
}

void TorchReplica::read(std::span<float> parameters) const
{
    // By name and not from flat_: a module may have put a new tensor in a buffer's place.
    read_values(federated_tensors(module_, where_), parameters);
}

std::vector<std::byte> TorchReplica::state() const
{
    // The whole module, since a user's may keep counters and buffers that don't federate.
    std::ostringstream archive;
    module_.save(archive);
    const auto random = generator_.get_state();
    StateWriter writer;
    writer.add(std::span<const char>{archive.str()});
    writer.add(
        std::span<const std::uint8_t>{random.data_ptr<std::uint8_t>(), static_cast<std::size_t>(random.numel())});
    optimizer_.write(writer);
    return writer.take();
}

void TorchReplica::restore(std::span<const std::byte> state)
{
    const torch::NoGradGuard no_grad;
    StateReader reader{state};
    module_ = module_of_state(reader, table_, where_);
    read_values(federated_tensors(module_, where_), flat_);
    bind();
    auto random = reader.list<std::uint8_t>();
    generator_.set_state(
        torch::from_blob(random.data(), {static_cast<std::int64_t>(random.size())}, torch::kUInt8).clone());
    optimizer_.read(reader);
}

}  // namespace fedgram::learning::torch_engine
