#include "common/learning/training/node_work.hpp"

#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"
#include "common/learning/training/node_evaluation.hpp"
#include "common/learning/training/training.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

Model builtin(const std::string& name) { return build_model({.name = name, .layers = {}, .torchscript = {}}, Shape{}); }

constexpr std::uint64_t parameters = 25'450;

spec::Federated rule_with(spec::Strategy strategy)
{
    spec::Federated rule;
    rule.local_epochs = 2;
    rule.batch_size = 10;
    rule.strategy = strategy;
    return rule;
}

}  // namespace

TEST_CASE("A node's part of a round is two passes, the model down and its parameters up")
{
    const auto model = builtin("mlp-32");
    const auto share = node_round(model, rule_with({}), update_cost(model, rule_with({}), 0), 7, 25);
    CHECK(share.node == 7);
    CHECK(share.train == training_work(model, {}, 50, 6));
    CHECK(share.bytes_down == 4 * parameters);
    CHECK(share.bytes_up == 4 * parameters);
    CHECK(node_round(model, rule_with({}), update_cost(model, rule_with({}), 0), 7, 25, 3).train ==
          training_work(model, {}, 25, 3));
}

TEST_CASE("A compressed update counts its bytes, and its encoding as part of the node's training")
{
    const auto model = builtin("mlp-32");
    auto rule = rule_with({});
    CHECK(update_cost(model, rule, 0).bytes == 4 * parameters);
    CHECK(update_cost(model, rule, 0).encoding == energy::Work{});
    CHECK(update_cost(model, rule, 0).decoding == energy::Work{});

    // By hand: 100 scales of 4 bytes, a byte for each value. Two readings of 4 bytes a value and 5 FLOPs for each.
    rule.compression = {.quantizer = spec::Quantizer::int8, .block = 256};
    constexpr std::uint64_t int8_bytes = 4 * 100 + parameters;
    const auto int8 = update_cost(model, rule, 0);
    CHECK(int8.bytes == int8_bytes);
    CHECK(int8.encoding ==
          energy::Work{.flops = 5 * parameters, .memory_bytes = 8 * parameters + int8_bytes, .kernels = 2});
    CHECK(int8.decoding ==
          energy::Work{.flops = parameters, .memory_bytes = 4 * parameters + int8_bytes, .kernels = 1});
    auto trained = training_work(model, {}, 50, 6);
    trained += int8.encoding;
    const auto share = node_round(model, rule, update_cost(model, rule, 0), 7, 25);
    CHECK(share.train == trained);
    CHECK(share.bytes_down == 4 * parameters);
    CHECK(share.bytes_up == int8_bytes);
    // Of what is cut short, too.
    auto shortened = training_work(model, {}, 25, 3);
    shortened += int8.encoding;
    CHECK(node_round(model, rule, update_cost(model, rule, 0), 7, 25, 3).train == shortened);
}

TEST_CASE("top-k counts its selection, and error feedback what it adds to that")
{
    const auto model = builtin("mlp-32");
    auto rule = rule_with({});
    rule.compression = {.sparsifier = spec::Sparsifier::top_k, .fraction = 0.01};
    // By hand: 254.5 of 25,450 are 255. log2(0.48121 / 0.010070) = 5.58, so b = 6; 255 x 7 + floor(25,195 / 64) = 2178
    // bits are 273 bytes, and one for the form.
    constexpr std::uint64_t kept = 255;
    constexpr std::uint64_t bytes = 274 + 4 * kept;
    const energy::Work encoding{
        .flops = 10 * parameters, .memory_bytes = 4 * kept + bytes + 20 * parameters + 4 * kept, .kernels = 3};
    const energy::Work decoding{.memory_bytes = 4 * kept + bytes + 4 * parameters + 8 * kept, .kernels = 3};
    const auto without = update_cost(model, rule, 0);
    CHECK(without.bytes == bytes);
    CHECK(without.encoding == encoding);
    CHECK(without.decoding == decoding);

    rule.compression.error_feedback = true;
    const auto with = update_cost(model, rule, 0);
    auto fed_back = encoding;
    fed_back += {.flops = 2 * parameters, .memory_bytes = 24 * parameters, .kernels = 2};
    fed_back += decoding;
    CHECK(with.bytes == bytes);
    CHECK(with.encoding == fed_back);
    CHECK(with.decoding == decoding);
    CHECK(node_round(model, rule, update_cost(model, rule, 0), 0, 25).bytes_up == bytes);
}

TEST_CASE("What a strategy adds to a local training is counted by its steps and parameters")
{
    const auto model = builtin("mlp-32");
    const auto extra = [&](spec::Strategy strategy) { return strategy_work(model, rule_with(strategy), 25, 6); };
    CHECK(extra({}) == energy::Work{});
    CHECK(extra({.kind = spec::StrategyKind::fedadam}) == energy::Work{});
    CHECK(extra({.kind = spec::StrategyKind::fedprox, .mu = 0}) == energy::Work{});

    const auto proximal = extra({.kind = spec::StrategyKind::fedprox});
    CHECK(proximal.flops == 3 * 6 * parameters);
    CHECK(proximal.memory_bytes == 12 * 6 * parameters);
    CHECK(proximal.kernels == 6);
    CHECK(extra({.kind = spec::StrategyKind::scaffold}).flops == 6 * parameters);
    CHECK(extra({.kind = spec::StrategyKind::feddyn}).flops == 4 * 6 * parameters);

    const auto fair = extra({.kind = spec::StrategyKind::q_fedavg});
    CHECK(fair.flops == forward_work(model, 25, 10).flops);
    CHECK(fair.samples == 0);
    CHECK(extra({.kind = spec::StrategyKind::q_fedavg, .q = 0}) == energy::Work{});

    const auto scaffold = rule_with({.kind = spec::StrategyKind::scaffold});
    const auto share = node_round(model, scaffold, update_cost(model, scaffold, 0), 0, 25);
    CHECK(share.bytes_down == 2 * 4 * parameters);
    CHECK(share.bytes_up == 4 * parameters);
    CHECK(share.train.flops == training_work(model, {}, 50, 6).flops + 6 * parameters);
}

TEST_CASE("Secure aggregation takes keys, shares and a masked vector beside the model")
{
    const auto model = builtin("mlp-32");
    auto rule = rule_with({});
    rule.nodes = 100;
    rule.secure_aggregation.emplace(spec::SecureAggregation{.neighbours = 10});
    // A total weight of 6000 has 13 bits: 1 + 21 + 13 bits for each value. Of 10 neighbours: 2 keys up and 20 down; 20
    // shares up and down; 11 more up, of 32 bytes each.
    const auto cost = update_cost(model, rule, 6'000);
    CHECK(cost.bytes == (25'450 * 35 + 7) / 8 + 32 * (2 + 20 + 11));
    CHECK(cost.bytes_down == 32 * (20 + 20));
    CHECK(cost.encoding.flops > 0);
    const auto share = node_round(model, rule, cost, 0, 60);
    CHECK(share.bytes_down == model.parameters.bytes() + cost.bytes_down);
    CHECK(share.bytes_up == cost.bytes);
    CHECK(share.train.flops ==
          local_training_work(model, rule, 60, local_epochs(rule, 60)).flops + cost.encoding.flops);
    // Under privacy all weigh alike: 100 nodes have 7 bits.
    rule.privacy.emplace();
    CHECK(most_total_weight(rule, 6'000) == 100);
    CHECK(update_cost(model, rule, 6'000).bytes < cost.bytes);
}
