#include "coordinator/trainings/round_methods.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstddef>
#include <optional>
#include <utility>

#include "common/learning/model/builtin_models.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Floats = std::vector<float>;
using Model = RoundMethods::Model;

namespace {

const learning::Model model =
    learning::build_model({.name = "mlp-32", .layers = {}, .torchscript = {}}, learning::Shape{});
const datasets::NodeShares two_nodes{datasets::Shares{{0, 1, 2}, {3}}};

/// A federation of two nodes that prunes to 90 % in rounds 2 and 3, with momentum at the server.
spec::Training pruning_training()
{
    spec::Federated rule;
    rule.nodes = 2;
    rule.max_rounds = 6;
    rule.strategy.kind = spec::StrategyKind::fedavgm;
    rule.strategy.beta1 = 0.9;
    rule.pruning = spec::Pruning{.sparsity = 0.9, .from_round = 2, .to_round = 3};
    return {"fed", rule};
}

std::size_t zeros_in(const Floats& values)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(values, [](float value) { return std::bit_cast<std::uint32_t>(value) == 0; }));
}

/// What a node makes of the model: each parameter that it may move moves on by an amount of its own.
protocol::Frame trained(const Floats& start, std::uint32_t round, std::uint32_t node)
{
    const bool is_sparse = round > 2;
    Floats sent;
    for (std::size_t i = 0; i < start.size(); ++i) {
        const bool is_bias = (i >= 784 * 32 && i < 784 * 32 + 32) || i >= start.size() - 10;
        if (is_sparse && start[i] == 0 && !is_bias) continue;
        sent.push_back(start[i] + 1e-3F * static_cast<float>((i * (7 + node) + round) % 11 + 1));
    }
    const auto bytes = sent.size() * sizeof(float);
    return {is_sparse ? protocol::MessageType::encoded_update : protocol::MessageType::client_update,
            {},
            std::move(sent),
            bytes};
}

/// A round, whose updates come in this order.
Model round_of(RoundMethods& methods, std::uint32_t number, const Model& global, std::vector<std::uint32_t> order)
{
    const auto start = methods.model(number, global);
    const std::vector<std::uint32_t> both{0, 1};
    methods.begin({.number = number, .cohort = both, .asked = both, .most_steps = 1});
    for (const auto node : order) {
        const auto frame = trained(*start, number, node);
        const auto read = std::get<std::span<const float>>(methods.read(frame, node));
        methods.add({node, read, two_nodes.size(node), 1}, frame.payload_bytes);
    }
    return std::make_shared<const Floats>(methods.next(both));
}

}  // namespace

TEST_CASE("Rounds that prune give the same whatever the order, and from a checkpoint", "[coordinator]")
{
    const auto training = pruning_training();
    RoundMethods one{training, 1, model, two_nodes};
    std::optional<RoundMethods> other{std::in_place, training, 1, model, two_nodes};
    Model global = std::make_shared<const Floats>(learning::initial_parameters(model, 3));
    auto same = global;
    std::size_t zeros = 0;
    for (std::uint32_t number = 1; number <= 6; ++number) {
        global = round_of(one, number, global, {0, 1});
        same = round_of(*other, number, same, {1, 0});
        CHECK(*global == *same);
        CHECK(zeros_in(*global) >= zeros);
        zeros = zeros_in(*global);
        // As if killed behind each round: the model and what the methods write are all that there is.
        learning::StateWriter state;
        other->write(state);
        const auto bytes = state.take();
        learning::StateReader reader{bytes};
        other.emplace(training, 1, model, two_nodes).read_state(reader);
    }
    CHECK(zeros == 22'867);  // 90 % of 25,408 weights
}

TEST_CASE("A pruned round's shares, updates and Work are those of what is left", "[coordinator]")
{
    const auto training = pruning_training();
    RoundMethods methods{training, 1, model, two_nodes};
    Model global = std::make_shared<const Floats>(learning::initial_parameters(model, 3));
    const auto dense = model.parameters.bytes();
    for (std::uint32_t number = 1; number <= 3; ++number) global = round_of(methods, number, global, {0, 1});
    CHECK(methods.done(methods.share(1)).bytes_up < dense);  // of round 3, behind the first mask
    const auto behind = round_of(methods, 4, global, {0, 1});
    const auto sent = methods.sent_model();
    REQUIRE(sent.encoded_bytes);
    for (const std::uint32_t node : {0U, 1U}) {
        const auto share = methods.share(node);
        CHECK(share.bytes_down == *sent.encoded_bytes);
        CHECK(share.bytes_up == 4 * (25'450 - 22'867));
        CHECK(methods.done(share).bytes_up == share.bytes_up);
    }
    const std::vector<NodeSteps> steps{{0, 1}, {1, 1}};
    const auto extra = methods.extra_work(steps, 2);
    REQUIRE(extra.size() == 2);  // beside the strategy's
    CHECK(extra[1].method == spec::Method::pruning);
    CHECK(extra[1].nodes.flops == 0);
    CHECK(extra[1].nodes.kernels == 2 * 3);
    CHECK(extra[1].coordinator.flops == 0);  // no mask is made any more
    CHECK(extra[1].coordinator.memory_bytes > 0);

    const auto refusal =
        std::get<learning::Refusal>(methods.read({protocol::MessageType::client_update, {}, *behind, dense}, 0));
    CHECK(refusal.reason == learning::RefusalReason::wrong_code);
}
