// The words by which reports say how a strategy's Work is counted, against what is counted.
#include <cstdint>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/learning/training/node_work.hpp"
#include "common/spec/method.hpp"
#include "coordinator/aggregation/fedavg.hpp"
#include "coordinator/strategies/strategy.hpp"
#include "tests/unit/coordinator/strategies/quadratics.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using spec::StrategyKind;

namespace {

constexpr std::uint64_t parameters = 2;
constexpr std::uint64_t steps = 3;
constexpr std::uint64_t updates = 4;

/// What "3 FLOPs and 12 bytes of memory traffic for each parameter and round" says of so many things of that kind.
void add(energy::Work& sum, const std::string& counted, const std::string& of_each, std::uint64_t count)
{
    const std::regex form{"(\\d+) FLOPs? and (\\d+) bytes of memory traffic for each parameter and " + of_each +
                          "(?:;|$)"};
    std::smatch found;
    if (!std::regex_search(counted, found, form)) return;
    sum.flops += std::stoull(found[1]) * parameters * count;
    sum.memory_bytes += std::stoull(found[2]) * parameters * count;
}

/// In a round of `updates` nodes that take `steps` steps each, but for the last one, which takes one more.
energy::Work at_coordinator(const spec::Federated& rule)
{
    const auto strategy = make_strategy(rule, test::two_parameters());
    StrategyRound round{.number = 1,
                        .model = std::make_shared<const std::vector<float>>(parameters, 1.0F),
                        .local_rate = 0.1,
                        .most_steps = steps + 1};
    for (std::uint32_t node = 0; node < updates; ++node) round.losses.emplace_back(node, 1.0);
    strategy->begin(round);
    FedAvg mean{parameters};
    const std::vector<float> update(parameters, 2.0F);
    for (std::uint32_t node = 0; node < updates; ++node) {
        const auto contribution = strategy->take({node, update, 10, node + 1 == updates ? steps + 1 : steps});
        mean.add(update, contribution.weight);
    }
    static_cast<void>(strategy->next(mean));
    return strategy->work();
}

}  // namespace

TEST_CASE("A strategy's Work is what the words about it count", "[coordinator]")
{
    learning::Model model;
    model.parameters = test::two_parameters();
    const std::vector<spec::Strategy> strategies{
        {.kind = StrategyKind::fedavg, .learning_rate = 0.5},
        {.kind = StrategyKind::fedavgm},
        {.kind = StrategyKind::fedadagrad},
        {.kind = StrategyKind::fedadam},
        {.kind = StrategyKind::fedyogi},
        {.kind = StrategyKind::fedprox},
        {.kind = StrategyKind::fedprox, .learning_rate = 0.5, .mu = 0},
        {.kind = StrategyKind::scaffold},
        {.kind = StrategyKind::fednova, .mu = 0},
        {.kind = StrategyKind::fednova, .mu = 0.1},
        {.kind = StrategyKind::feddyn},
        {.kind = StrategyKind::q_fedavg, .q = 0},
        {.kind = StrategyKind::q_fedavg, .q = 1},
    };
    for (const auto& strategy : strategies) {
        spec::Federated rule;
        rule.nodes = updates;
        rule.strategy = strategy;
        const auto words = spec::methods_of(rule).at(0);
        CAPTURE(words.what, words.at_nodes, words.at_coordinator);

        energy::Work at_nodes;
        add(at_nodes, words.at_nodes, "step", steps);
        const auto counted = learning::strategy_work(model, rule, 0, steps);
        CHECK(at_nodes.flops == counted.flops);
        CHECK(at_nodes.memory_bytes == counted.memory_bytes);
        // q-FedAvg's forward pass takes nothing of a model without a cost.
        if (strategy.kind != StrategyKind::q_fedavg) CHECK(words.at_nodes.empty() == (counted == energy::Work{}));

        energy::Work at_server;
        add(at_server, words.at_coordinator, "round", 1);
        add(at_server, words.at_coordinator, "update", updates);
        add(at_server, words.at_coordinator, "update that is scaled", updates - 1);
        const auto done = at_coordinator(rule);
        CHECK(at_server.flops == done.flops);
        CHECK(at_server.memory_bytes == done.memory_bytes);
        CHECK(words.at_coordinator.empty() == (done.flops == 0));
    }
}
