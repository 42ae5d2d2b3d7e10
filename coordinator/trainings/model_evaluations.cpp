#include "coordinator/trainings/model_evaluations.hpp"

#include <utility>

#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>

namespace fedgram::coordinator {

asio::awaitable<learning::Evaluation> ModelEvaluations::evaluation(Model model)
{
    const auto evaluate = [this, &model]() -> asio::awaitable<learning::Evaluation> {
        co_return runtime_.evaluate(*model);
    };
    co_return co_await asio::co_spawn(worker_, evaluate, asio::use_awaitable);
}

asio::awaitable<learning::NodeScores> ModelEvaluations::node_scores(Model model)
{
    const auto test = [this, &model]() -> asio::awaitable<learning::NodeScores> {
        co_return runtime_.evaluate_nodes(*model, shares_, rule_);
    };
    co_return co_await asio::co_spawn(worker_, test, asio::use_awaitable);
}

asio::awaitable<std::vector<double>> ModelEvaluations::losses(Model model, std::uint32_t round,
                                                              std::vector<std::uint32_t> nodes)
{
    std::vector<Probe> probes;
    for (const auto node : nodes) probes.push_back({node, shares_.size(node)});
    const auto look = [this, &model, round, &probes]() -> asio::awaitable<std::vector<double>> {
        co_return runtime_.node_losses(*model, shares_, rule_, round, probes);
    };
    co_return co_await asio::co_spawn(worker_, look, asio::use_awaitable);
}

std::vector<ProbedLoss> ModelEvaluations::probed(std::span<const float> model, std::uint32_t round,
                                                 std::span<const Probe> probes)
{
    const auto losses = runtime_.node_losses(model, shares_, rule_, round, probes);
    std::vector<ProbedLoss> answers;
    for (std::size_t i = 0; i < probes.size(); ++i) answers.push_back({probes[i].node, losses[i]});
    return answers;
}

}  // namespace fedgram::coordinator
