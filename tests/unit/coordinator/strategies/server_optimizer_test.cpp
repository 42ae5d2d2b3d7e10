#include "coordinator/strategies/server_optimizer.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;
using Form = spec::ServerForm;
using spec::StrategyKind;

namespace {

using Pair = std::array<double, 2>;

struct Row {
    const char* what;
    spec::Strategy rule;
    std::array<Pair, 3> expected;
};

// Three rounds from (0, 0), at a rate of 0.1 unless stated: worked out in float64, to the digits that are given.
const std::array<Pair, 3> differences{{{.5, -.25}, {.25, .25}, {-.1, 0}}};
const std::vector<Row> rows{
    {"FedAvgM", {.kind = StrategyKind::fedavgm, .learning_rate = 1}, {{{.5, -.25}, {1.2, -.225}, {1.73, -.2025}}}},
    {"FedAvgM, damped",
     {.kind = StrategyKind::fedavgm, .learning_rate = 1, .form = Form::damped},
     {{{.05, -.025}, {.12, -.0225}, {.173, -.02025}}}},
    {"FedAdagrad",
     {.kind = StrategyKind::fedadagrad, .learning_rate = .1, .beta1 = 0},
     {{{.0998001999998, -.0996007999968}, {.144441631104, -.029089839036}, {.126863593429, -.029089839036}}}},
    {"FedAdagrad of Flower",
     {.kind = StrategyKind::fedadagrad, .learning_rate = .1, .form = Form::flower, .beta1 = 0},
     {{{.0998003992016, -.0996015936255}, {.144441901604, -.0290903514169}, {.126863836724, -.0290903514169}}}},
    {"FedAdagrad from 0.1",
     {.kind = StrategyKind::fedadagrad, .learning_rate = .1, .beta1 = 0, .initial_v = .1},
     {{{.0843728093952, -.0618639018417}, {.123237244759, -.00927015153333}, {.107876261657, -.00927015153333}}}},
    {"FedAdam",
     {.kind = StrategyKind::fedadam, .learning_rate = .1},
     {{{.0980201901209, -.0960807059529}, {.221506502641, -.0891899961634}, {.313998121534, -.0829579799982}}}},
    {"FedAdam of Flower up to 1.12",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::flower_1_12},
     {{{.0980392156863, -.0961538461538}, {.221544703069, -.0892604967374}, {.314050233509, -.0830260936028}}}},
    {"FedAdam of Flower",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::flower},
     {{{.0727901753337, -.0713903642696}, {.151332273513, -.0670066066073}, {.204727892087, -.0634080129855}}}},
    {"FedAdam of Keras",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::keras},
     {{{.0980392156863, -.0961538461538}, {.189737073715, -.0910358114047}, {.248565054624, -.0870711041398}}}},
    {"FedAdam of torch",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::torch},
     {{{.0998003992016, -.0996015936255}, {.192909294531, -.0943594044873}, {.252599553575, -.0903016397375}}}},
    {"FedAdam of its authors' code",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::keras, .beta2 = .999},
     {{{.0940516512848, -.0887712290237}, {.18227684693, -.0839402730326}, {.238797853517, -.0802060834878}}}},
    {"FedAdam of Keras, tau 0.1",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::keras, .tau = .1},
     {{{.0333333333333, -.02}, {.0667178219323, -.0186277867719}, {.0882828568049, -.0175685931428}}}},
    {"FedAdam of torch, tau 0.1",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .form = Form::torch, .tau = .1},
     {{{.0833333333333, -.0714285714286}, {.157808718054, -.0676691729323}, {.203648257798, -.064934549771}}}},
    {"FedAdam, tau 0.1",
     {.kind = StrategyKind::fedadam, .learning_rate = .1, .tau = .1},
     {{{.0236568484513, -.0123401078258}, {.0564310585845, -.0111211545982}, {.0812606720661, -.0100212716099}}}},
    {"FedYogi",
     {.kind = StrategyKind::fedyogi, .learning_rate = .1},
     {{{.0980199980004, -.0960799680256}, {.221019838307, -.089206072352}, {.312718691829, -.0830195662459}}}},
    {"FedYogi of Flower",
     {.kind = StrategyKind::fedyogi, .learning_rate = .1, .form = Form::flower},
     {{{.0980392156863, -.0961538461538}, {.221058388562, -.0892772770867}, {.312771211864, -.0830883649263}}}},
    {"FedYogi of Keras",
     {.kind = StrategyKind::fedyogi, .learning_rate = .1, .form = Form::keras},
     {{{.0980199980004, -.0960799680256}, {.189342433408, -.0909763768983}, {.247657416077, -.0870421292768}}}},
    // v is above the squares here: the one row that the sign decides.
    {"FedYogi, tau 0.5",
     {.kind = StrategyKind::fedyogi, .learning_rate = .1, .tau = .5},
     {{{.005, -.00250156445618}, {.0120043804773, -.00225125117248}, {.0173082285591, -.00202596921715}}}},
};

}  // namespace

TEST_CASE("Each named form of a server optimizer gives its own three rounds", "[coordinator]")
{
    for (const auto& row : rows) {
        INFO(row.what);
        ServerOptimizer optimizer{row.rule, 2};
        Pair x{};
        for (std::size_t round = 0; round < 3; ++round) {
            const auto change = optimizer.change(differences[round], row.rule.learning_rate);
            for (std::size_t i = 0; i < 2; ++i) {
                x[i] += change[i];
                CHECK(x[i] == Approx(row.expected[round][i]).epsilon(1e-11));
            }
        }
    }
}

TEST_CASE("A server optimizer goes on from its state, bit for bit", "[coordinator]")
{
    for (const auto& row : rows) {
        ServerOptimizer whole{row.rule, 2};
        (void)whole.change(differences[0], 1);
        learning::StateWriter writer;
        whole.write(writer);
        const auto bytes = writer.take();
        ServerOptimizer resumed{row.rule, 2};
        learning::StateReader reader{bytes};
        resumed.read(reader);
        for (std::size_t round = 1; round < 3; ++round)
            CHECK(resumed.change(differences[round], 1) == whole.change(differences[round], 1));
    }
}
