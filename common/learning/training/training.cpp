#include "common/learning/training/training.hpp"

#include <algorithm>
#include <future>
#include <numeric>
#include <vector>

#include "common/learning/model/flops.hpp"
#include "common/learning/model/kernels.hpp"
#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

namespace {

// A constant, so that neither the sums nor the engine's batches depend on the machine.
constexpr std::size_t evaluation_chunk = 500;

Score score_of_chunk(Replica& replica, StoredBatch& batch, std::size_t chunk, std::size_t samples)
{
    const std::size_t first = chunk * evaluation_chunk;
    std::vector<std::uint32_t> indices(std::min(evaluation_chunk, samples - first));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    return replica.evaluate(batch.of(indices));
}

}  // namespace

energy::Work training_work(const Model& model, const spec::Optimizer& optimizer, std::uint64_t samples,
                           std::uint64_t steps)
{
    energy::Work work;
    work.samples = samples;
    work.steps = steps;
    work.flops = samples * (model.cost.forward_flops + model.cost.backward_flops);
    work.memory_bytes = samples * (model.cost.forward_bytes + model.cost.backward_bytes) +
                        steps * step_bytes(model.parameters, optimizer);
    work.kernels = steps * step_kernels(model.cost.kernels, optimizer);
    return work;
}

std::optional<LocalResult> train_locally(Replica& replica, const Model& model, const Samples& data,
                                         std::span<const std::uint32_t> indices,
                                         const spec::Normalization& normalization, std::uint32_t epochs,
                                         std::uint32_t batch_size, const spec::Optimizer& optimizer, TrainingKey key,
                                         const std::function<bool()>& step_allowed, spec::LastBatch last_batch,
                                         std::uint64_t most_steps)
{
    Stream stream{key.seed, Purpose::local_shuffle, key.round, key.node};
    StoredBatch batch{data, pixels_per_sample(model.shape), normalization};
    std::vector<std::uint32_t> order{indices.begin(), indices.end()};
    const EpochBatches batches{order.size(), batch_size, last_batch};
    std::uint64_t steps = 0;
    double loss_sum = 0;
    const auto is_done = [&] { return most_steps > 0 && steps == most_steps; };
    for (std::uint32_t epoch = 0; epoch < epochs && !is_done(); ++epoch) {
        stream.shuffle(std::span{order});
        for (std::size_t first = 0, count = batches.at(0); count > 0 && !is_done();
             first += count, count = batches.at(first)) {
            if (!step_allowed()) return std::nullopt;
            loss_sum += replica.step(batch.of(std::span{order}.subspan(first, count)), optimizer.learning_rate);
            ++steps;
        }
    }
    return LocalResult{training_work(model, optimizer, batches.samples_in(steps), steps),
                       steps == 0 ? 0 : loss_sum / static_cast<double>(steps)};
}

Evaluation evaluate(std::span<const std::unique_ptr<Replica>> replicas, const Model& model, const Samples& data,
                    const spec::Normalization& normalization)
{
    const std::size_t samples = data.labels.size();
    std::vector<Score> scores((samples + evaluation_chunk - 1) / evaluation_chunk);
    const auto evaluate_share = [&](std::size_t share) {
        StoredBatch batch{data, pixels_per_sample(model.shape), normalization};
        for (std::size_t chunk = share; chunk < scores.size(); chunk += replicas.size())
            scores[chunk] = score_of_chunk(*replicas[share], batch, chunk, samples);
    };
    std::vector<std::future<void>> others;  // the destructor of each waits for its thread
    for (std::size_t share = 1; share < replicas.size(); ++share)
        others.push_back(std::async(std::launch::async, evaluate_share, share));
    evaluate_share(0);
    for (auto& other : others) other.get();

    Score sum;
    for (const auto& score : scores) {
        sum.loss_sum += score.loss_sum;
        sum.correct += score.correct;
    }
    Evaluation result;
    result.accuracy = static_cast<double>(sum.correct) / static_cast<double>(samples);
    result.mean_loss = sum.loss_sum / static_cast<double>(samples);
    result.work.samples = samples;
    result.work.steps = scores.size();
    result.work.flops = samples * model.cost.forward_flops;
    result.work.memory_bytes = samples * model.cost.forward_bytes + scores.size() * model.parameters.bytes();
    result.work.kernels = scores.size() * evaluation_kernels(model.cost.kernels);
    return result;
}

}  // namespace fedgram::learning
