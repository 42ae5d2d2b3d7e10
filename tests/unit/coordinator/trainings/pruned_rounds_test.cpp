#include "coordinator/trainings/pruned_rounds.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

using namespace fedgram;
using namespace fedgram::coordinator;
using learning::RefusalReason;
using protocol::MessageType;
using Floats = std::vector<float>;

namespace {

// A weight of 2 x 100 and one of 1 x 50 with smaller values, each with a bias: 251 parameters.
const learning::ParameterTable table{.slots = {{.name = "a.weight", .shape = {2, 100}, .offset = 0, .size = 200},
                                               {.name = "a.bias", .shape = {1}, .offset = 200, .size = 1},
                                               {.name = "b.weight", .shape = {1, 50}, .offset = 201, .size = 50}},
                                     .size = 251};

using Model = std::shared_ptr<const Floats>;

/// Of magnitudes that grow along the array, in the second weight from the first one's least on; the bias is 0.
Model first_model()
{
    Floats values(table.size);
    for (std::size_t i = 0; i < 200; ++i) values[i] = (i % 2 == 0 ? 1.0F : -1.0F) * static_cast<float>(i + 1);
    for (std::size_t i = 201; i < 251; ++i) values[i] = 0.5F + static_cast<float>(i - 201);
    return std::make_shared<const Floats>(std::move(values));
}

std::size_t zeros_in(const Floats& values, std::size_t first, std::size_t count)
{
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    return static_cast<std::size_t>(std::count_if(begin, begin + static_cast<std::ptrdiff_t>(count), [](float value) {
        return std::bit_cast<std::uint32_t>(value) == 0;
    }));
}

protocol::Frame update_frame(const Floats& values)
{
    return {MessageType::encoded_update, {}, values, values.size() * sizeof(float)};
}

/// Behind a round that starts from `model` and whose updates leave it as it is.
Model behind(PrunedRounds& rounds, std::uint32_t round, const Model& model)
{
    rounds.begin(round, model);
    return std::make_shared<const Floats>(rounds.ended(*model));
}

}  // namespace

TEST_CASE("The smallest weights go round by round, of all weights together or of each tensor", "[coordinator]")
{
    // By hand: 0.8 (1 - (1 - p)^3) of 250 weights at p = 1/2 and 1.
    const spec::Pruning global{.sparsity = 0.8, .from_round = 2, .to_round = 3};
    PrunedRounds rounds{global, table};
    const auto first = behind(rounds, 1, first_model());
    CHECK(*first == *first_model());
    const auto half = behind(rounds, 2, first);
    CHECK(zeros_in(*half, 0, 200) + zeros_in(*half, 201, 50) == 175);
    CHECK(zeros_in(*half, 201, 50) == 49);  // a tensor keeps one
    const auto all = behind(rounds, 3, half);
    CHECK(zeros_in(*all, 0, 200) + zeros_in(*all, 201, 50) == 200);
    CHECK(*behind(rounds, 4, all) == *all);

    const spec::Pruning by_layer{.sparsity = 0.8, .scope = spec::PruningScope::layer, .from_round = 1, .to_round = 1};
    PrunedRounds layers{by_layer, table};
    const auto each = behind(layers, 1, first_model());
    CHECK(zeros_in(*each, 0, 200) == 160);
    CHECK(zeros_in(*each, 201, 50) == 40);
    CHECK((*each)[199] == -200);
}

TEST_CASE("What is pruned stays it, whatever the server's step makes of it", "[coordinator]")
{
    const spec::Pruning pruning{.sparsity = 0.5, .from_round = 1, .to_round = 1};
    PrunedRounds rounds{pruning, table};
    const auto pruned = behind(rounds, 1, first_model());
    rounds.begin(2, pruned);
    Floats moved(table.size, 1000);
    const auto next = rounds.ended(moved);
    for (std::size_t i = 0; i < next.size(); ++i) {
        const bool is_gone = i != 200 && std::bit_cast<std::uint32_t>((*pruned)[i]) == 0;
        CHECK(next[i] == (is_gone ? 0.0F : 1000.0F));
    }
    CHECK(rounds.work(0).flops == 0);  // no further mask is made
}

TEST_CASE("A mask that a failed round should have made is made behind the next one", "[coordinator]")
{
    const spec::Pruning pruning{.sparsity = 0.8, .from_round = 1, .to_round = 1};
    PrunedRounds rounds{pruning, table};
    const auto late = behind(rounds, 2, first_model());
    CHECK(zeros_in(*late, 0, 200) + zeros_in(*late, 201, 50) == 200);
}

TEST_CASE("A model with a value that is no number is left for its evaluation to find", "[coordinator]")
{
    const spec::Pruning pruning{.sparsity = 0.8, .from_round = 1, .to_round = 1};
    PrunedRounds rounds{pruning, table};
    rounds.begin(1, first_model());
    auto broken = *first_model();
    broken[3] = std::numeric_limits<float>::infinity();
    CHECK(rounds.ended(broken) == broken);
}

TEST_CASE("A pruned model goes down in its sparse form, and its updates come up without what is pruned",
          "[coordinator]")
{
    const spec::Pruning pruning{.sparsity = 0.8, .from_round = 1, .to_round = 1};
    PrunedRounds rounds{pruning, table};
    rounds.begin(1, first_model());
    CHECK_FALSE(rounds.is_sparse());
    CHECK(*rounds.sent().payload == *first_model());
    CHECK_FALSE(rounds.sent().encoded_bytes);
    const energy::NodeRound dense{0, {.steps = 7}, table.bytes(), table.bytes()};
    CHECK(rounds.with_exchange(dense).bytes_up == table.bytes());
    CHECK(rounds.with_exchange(dense).bytes_down == table.bytes());
    CHECK(rounds.node_work(7) == energy::Work{});

    const auto model = std::make_shared<const Floats>(rounds.ended(*first_model()));
    rounds.begin(2, model);
    REQUIRE(rounds.is_sparse());
    const auto sent = rounds.sent();
    REQUIRE(sent.encoded_bytes);
    // At most as a bitmap: 32 bytes, and 50 weights; the bias is 0, too. One more byte names the form.
    CHECK(*sent.encoded_bytes <= 1 + 32 + 4 * 50);
    CHECK(learning::read_sparse_model(std::as_bytes(std::span{*sent.payload}).first(*sent.encoded_bytes), table.size) ==
          *model);
    const auto share = rounds.with_exchange(dense);
    CHECK(share.bytes_down == *sent.encoded_bytes);
    CHECK(share.bytes_up == 4 * 51);
    auto with_work = dense.train;
    with_work += rounds.node_work(7);
    CHECK(share.train == with_work);
    CHECK(rounds.node_work(7).memory_bytes ==
          9 * 7 * table.size + 5 * table.size + 4 * 51 + 4 * table.size + *sent.encoded_bytes);
    CHECK(rounds.node_work(7).kernels == 7 + 2);

    Floats kept(51);
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<float>(i) - 3.5F;
    const auto read = std::get<std::span<const float>>(rounds.parameters(update_frame(kept)));
    Floats found;
    for (std::size_t i = 0; i < read.size(); ++i) {
        if ((*model)[i] != 0 || i == 200)
            found.push_back(read[i]);
        else
            CHECK(std::bit_cast<std::uint32_t>(read[i]) == 0);
    }
    CHECK(found == kept);
}

TEST_CASE("Of a pruned model, an update of all parameters or of another mask is refused", "[coordinator]")
{
    const spec::Pruning pruning{.sparsity = 0.8, .from_round = 1, .to_round = 1};
    PrunedRounds rounds{pruning, table};
    rounds.begin(2, behind(rounds, 1, first_model()));
    const auto refused = [&](const protocol::Frame& frame) {
        const auto refusal = std::get<learning::Refusal>(rounds.parameters(frame));
        CHECK(refusal.reason == RefusalReason::wrong_code);
        return refusal.text;
    };
    CHECK(refused({MessageType::client_update, {}, *first_model(), table.bytes()}) ==
          "it has a value for each parameter, and this round's model is pruned");
    CHECK(refused(update_frame(Floats(50))) ==
          "it has 200 bytes; the values of the 51 parameters that are not pruned take 204");
    CHECK_THAT(refused(update_frame(*first_model())), Catch::StartsWith("it has 1004 bytes"));
    CHECK_THAT(refused(update_frame({})), Catch::StartsWith("it has 0 bytes"));
}

TEST_CASE("The coordinator counts the weights that it compares, and what it encodes and places", "[coordinator]")
{
    const spec::Pruning pruning{.sparsity = 0.8, .from_round = 2, .to_round = 3};
    PrunedRounds rounds{pruning, table};
    auto model = behind(rounds, 1, first_model());
    CHECK(rounds.work(5) == energy::Work{});
    model = behind(rounds, 2, model);
    // 250 weights are compared, and the mask applied.
    CHECK(rounds.work(5) ==
          energy::Work{.flops = 10 * 250, .memory_bytes = 9 * table.size + 20 * 250, .kernels = 1 + 2});
    rounds.begin(3, model);
    const auto sent = *rounds.sent().encoded_bytes;
    static_cast<void>(rounds.ended(*model));
    // 75 weights are left, and a bias.
    const auto each = 5 * table.size + 4 * 76;
    CHECK(rounds.work(5) == energy::Work{.flops = 10 * 75,
                                         .memory_bytes = 9 * table.size + 20 * 75 + 4 * table.size + sent + 5 * each,
                                         .kernels = 1 + 2 + 1 + 5});
}
