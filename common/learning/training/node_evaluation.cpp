#include "common/learning/training/node_evaluation.hpp"

#include <algorithm>
#include <cstddef>
#include <future>
#include <limits>
#include <numeric>

#include "common/learning/model/kernels.hpp"
#include "common/learning/training/stored_batch.hpp"

namespace fedgram::learning {

namespace {

// A constant, so that the engine's batches don't depend on the machine.
constexpr std::size_t chunk = 500;

Score score_of(Replica& replica, const Model& model, Samples data, const spec::Normalization& normalization,
               const NodeTestSet& set)
{
    data.skew = set.skew ? &*set.skew : nullptr;
    StoredBatch batch{data, pixels_per_sample(model.shape), normalization};
    Score sum;
    const std::span samples{set.samples};
    for (std::size_t first = 0; first < samples.size(); first += chunk) {
        const auto score = replica.evaluate(batch.of(samples.subspan(first, std::min(chunk, samples.size() - first))));
        sum.correct += score.correct;
        sum.loss_sum += score.loss_sum;
    }
    return sum;
}

/// Calls `evaluate(replica, item)` for each item, which are dealt out to the replicas, one thread each.
template <class Evaluate>
void deal_out(std::span<const std::unique_ptr<Replica>> replicas, std::size_t items, const Evaluate& evaluate)
{
    const auto share = [&](std::size_t first) {
        for (auto item = first; item < items; item += replicas.size()) evaluate(*replicas[first], item);
    };
    std::vector<std::future<void>> others;  // the destructor of each waits for its thread
    for (std::size_t first = 1; first < replicas.size(); ++first)
        others.push_back(std::async(std::launch::async, share, first));
    share(0);
    for (auto& other : others) other.get();
}

}  // namespace

NodeScores evaluate_nodes(std::span<const std::unique_ptr<Replica>> replicas, const Model& model, const Samples& data,
                          const spec::Normalization& normalization, std::uint32_t nodes,
                          const std::function<NodeTestSet(std::uint32_t)>& of)
{
    NodeScores scores{std::vector<std::uint32_t>(nodes), std::vector<std::uint32_t>(nodes), {}};
    deal_out(replicas, nodes, [&](Replica& replica, std::size_t item) {
        const auto node = static_cast<std::uint32_t>(item);
        const auto set = of(node);
        scores.samples[node] = static_cast<std::uint32_t>(set.samples.size());
        scores.correct[node] = static_cast<std::uint32_t>(score_of(replica, model, data, normalization, set).correct);
    });

    auto& work = scores.work;
    for (const auto samples : scores.samples) {
        work.samples += samples;
        work.steps += (samples + chunk - 1) / chunk;
    }
    work.flops = work.samples * model.cost.forward_flops;
    work.memory_bytes = work.samples * model.cost.forward_bytes + work.steps * model.parameters.bytes();
    work.kernels = work.steps * evaluation_kernels(model.cost.kernels);
    return scores;
}

std::vector<double> node_losses(std::span<const std::unique_ptr<Replica>> replicas, const Model& model,
                                const Samples& data, const spec::Normalization& normalization,
                                std::span<const NodeTestSet> sets)
{
    std::vector<double> losses(sets.size(), std::numeric_limits<double>::quiet_NaN());
    deal_out(replicas, sets.size(), [&](Replica& replica, std::size_t item) {
        const auto& set = sets[item];
        if (set.samples.empty()) return;
        losses[item] =
            score_of(replica, model, data, normalization, set).loss_sum / static_cast<double>(set.samples.size());
    });
    return losses;
}

energy::Work forward_work(const Model& model, std::uint64_t samples, std::uint32_t batch_size)
{
    energy::Work work{.samples = samples, .steps = (samples + batch_size - 1) / batch_size};
    work.flops = samples * model.cost.forward_flops;
    work.memory_bytes = samples * model.cost.forward_bytes + work.steps * model.parameters.bytes();
    work.kernels = work.steps * evaluation_kernels(model.cost.kernels);
    return work;
}

}  // namespace fedgram::learning
