#include "common/learning/training/node_evaluation.hpp"

#include <algorithm>
#include <cstddef>
#include <future>
#include <numeric>

#include "common/learning/model/kernels.hpp"
#include "common/learning/training/stored_batch.hpp"

namespace fedgram::learning {

namespace {

// A constant, so that the engine's batches don't depend on the machine.
constexpr std::size_t chunk = 500;

std::uint32_t correct_of(Replica& replica, const Model& model, Samples data, const spec::Normalization& normalization,
                         const NodeTestSet& set)
{
    data.skew = set.skew ? &*set.skew : nullptr;
    StoredBatch batch{data, pixels_per_sample(model.shape), normalization};
    std::uint64_t correct = 0;
    const std::span samples{set.samples};
    for (std::size_t first = 0; first < samples.size(); first += chunk)
        correct += replica.evaluate(batch.of(samples.subspan(first, std::min(chunk, samples.size() - first)))).correct;
    return static_cast<std::uint32_t>(correct);
}

}  // namespace

NodeScores evaluate_nodes(std::span<const std::unique_ptr<Replica>> replicas, const Model& model, const Samples& data,
                          const spec::Normalization& normalization, std::uint32_t nodes,
                          const std::function<NodeTestSet(std::uint32_t)>& of)
{
    NodeScores scores{std::vector<std::uint32_t>(nodes), std::vector<std::uint32_t>(nodes), {}};
    const auto evaluate_share = [&](std::size_t share) {
        for (auto node = static_cast<std::uint32_t>(share); node < nodes;
             node += static_cast<std::uint32_t>(replicas.size())) {
            const auto set = of(node);
            scores.samples[node] = static_cast<std::uint32_t>(set.samples.size());
            scores.correct[node] = correct_of(*replicas[share], model, data, normalization, set);
        }
    };
    std::vector<std::future<void>> others;  // the destructor of each waits for its thread
    for (std::size_t share = 1; share < replicas.size(); ++share)
        others.push_back(std::async(std::launch::async, evaluate_share, share));
    evaluate_share(0);
    for (auto& other : others) other.get();

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

}  // namespace fedgram::learning
