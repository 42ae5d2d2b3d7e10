#include <catch2/catch.hpp>

#include <algorithm>

#include "common/learning/open_engine.hpp"
#include "tests/support/next_word_models.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// Eight words of 64.
constexpr Shape shape{1, 1, 8, 64};

ItemizedCost cost_of(const std::string& name, std::uint64_t forward, std::uint64_t backward)
{
    INFO(name);
    const fedgram::test::TemporaryFolder folder;
    fedgram::test::write_next_word_model(name, folder / "model.pt");
    static const auto engine = open_engine("torch");
    auto cost = engine->itemize(folder / "model.pt", shape);
    CHECK(cost.unknown().empty());
    CHECK(cost.sum()->forward_flops == forward);
    CHECK(cost.sum()->backward_flops == backward);
    for (const auto& each : cost.operators) {
        INFO(each.name);
        CHECK(each.check == each.cost->forward_flops);
    }
    return cost;
}

ModelCost item(const ItemizedCost& cost, const std::string& name)
{
    const auto found = std::ranges::find(cost.operators, name, &OperatorCost::name);
    REQUIRE(found != cost.operators.end());
    return *found->cost;
}

}  // namespace

TEST_CASE("Words by one-hot cost what the products do that take them")
{
    // 512 x 64 multiply-accumulates; words need no gradient.
    const auto linear = cost_of("linear", 2 * 32'768, 2 * 32'768);
    // Eight whole numbers of 8 bytes become 8 x 64.
    const auto one_hot = item(linear, "aten::one_hot");
    CHECK(one_hot.forward_bytes == 8 * 8 + 8 * 64 * 8);
    CHECK(one_hot.backward_bytes == 0);
    CHECK((one_hot.kernels.forward == 1 && one_hot.kernels.backward == 0));

    // 512 x 64, and 64 x 64 with both gradients.
    cost_of("mlp", 2 * (32'768 + 4'096), 2 * (32'768 + 2 * 4'096));
}

TEST_CASE("An embedding looks up and computes nothing, and its rows get a gradient")
{
    // 128 x 64 + 64 x 64; the rows that were looked up need a gradient.
    const auto cost = cost_of("embedding", 2 * 12'288, 2 * 2 * 12'288);
    // Eight whole numbers of 8 bytes become 8 x 16 floats; backward reads both again, and writes into the parameter.
    const auto lookup = item(cost, "aten::embedding");
    CHECK(lookup.forward_bytes == 8 * 8 + 8 * 16 * 4);
    CHECK(lookup.backward_bytes == 8 * 8 + 8 * 16 * 4);
    CHECK((lookup.kernels.forward == 1 && lookup.kernels.backward == 1));
}

TEST_CASE("A GRU costs what its steps do")
{
    // 8 x 192 x 16 of the words, 8 x 192 x 64 of the states, 64 x 64: 24,576 + 98,304 + 4,096 = 126,976.
    // Backward all twice, but for the first state, which is zero: 192 x 64 = 12,288.
    const auto cost = cost_of("gru", 2 * 126'976, 2 * (2 * 126'976 - 12'288));
    const auto& operators = cost.operators;
    CHECK(std::ranges::find(operators, "aten::linear in aten::gru", &OperatorCost::name)->calls == 1 + 8);
}
