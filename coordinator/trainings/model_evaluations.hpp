#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/thread_pool.hpp>

#include "coordinator/selection/selection_policy.hpp"
#include "coordinator/trainings/model_runtime.hpp"
#include "datasets/partition/node_shares.hpp"

namespace fedgram::coordinator {

/// What a federated training's models come to: on what evaluations are of, on its nodes' own test sets, and what their
/// loss is at nodes. What is awaited runs on the worker's thread.
class ModelEvaluations {
public:
    using Model = std::shared_ptr<const std::vector<float>>;

    /// All must outlive it, and whatever is awaited of it.
    ModelEvaluations(ModelRuntime& runtime, const datasets::NodeShares& shares, const spec::Federated& rule,
                     asio::thread_pool& worker)
        : runtime_{runtime}, shares_{shares}, rule_{rule}, worker_{worker}
    {
    }

    [[nodiscard]] asio::awaitable<learning::Evaluation> evaluation(Model model);
    /// Of each node, on its own test set.
    [[nodiscard]] asio::awaitable<learning::NodeScores> node_scores(Model model);
    /// Of each of these nodes, on all that it trains on.
    [[nodiscard]] asio::awaitable<std::vector<double>> losses(Model model, std::uint32_t round,
                                                              std::vector<std::uint32_t> nodes);

    /// Of nodes that are probed; on the thread that calls, which must be the worker's.
    [[nodiscard]] std::vector<ProbedLoss> probed(std::span<const float> model, std::uint32_t round,
                                                 std::span<const Probe> probes);

private:
    ModelRuntime& runtime_;
    const datasets::NodeShares& shares_;
    const spec::Federated& rule_;
    asio::thread_pool& worker_;
};

}  // namespace fedgram::coordinator
