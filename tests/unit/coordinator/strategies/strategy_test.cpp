#include "coordinator/strategies/strategy.hpp"

#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "coordinator/aggregation/fedavg.hpp"
#include "coordinator/strategies/feddyn.hpp"
#include "coordinator/strategies/fednova.hpp"
#include "coordinator/strategies/q_fedavg.hpp"
#include "coordinator/strategies/scaffold.hpp"
#include "tests/unit/coordinator/strategies/quadratics.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using namespace fedgram::coordinator::test;
using spec::StrategyKind;

namespace {

spec::Federated rule_of(spec::Strategy strategy, std::uint32_t nodes = 2)
{
    spec::Federated rule;
    rule.nodes = nodes;
    rule.strategy = strategy;
    return rule;
}

void check(const std::vector<float>& model, double first, double second)
{
    CHECK(model[0] == Approx(first).margin(5e-7));
    CHECK(model[1] == Approx(second).margin(5e-7));
}

learning::ParameterTable table_of(std::size_t size)
{
    learning::ParameterTable table;
    table.slots.push_back({"w", {static_cast<std::int64_t>(size)}, 0, size, 1, {}});
    table.size = size;
    return table;
}

/// A model and updates of a round, of values that sums and quotients round.
struct NoisyRound {
    explicit NoisyRound(std::uint64_t seed)
    {
        Stream random{seed, Purpose::initial_parameters};
        std::vector<float> values(500);
        for (auto& value : values) value = static_cast<float>(random.normal());
        model = std::make_shared<const std::vector<float>>(values);
        for (std::uint32_t node = 0; node < 7; ++node) {
            auto& update = updates.emplace_back(values);
            for (auto& value : update) value += static_cast<float>(0.1 * random.normal() * random.uniform());
        }
    }

    /// The next model by a strategy, with the updates in such an order.
    [[nodiscard]] std::vector<float> next(Strategy& strategy, const std::vector<std::uint32_t>& order,
                                          std::uint64_t samples = 60) const
    {
        StrategyRound round{.number = 1, .model = model, .local_rate = 0.1, .most_steps = 5};
        for (std::uint32_t node = 0; node < updates.size(); ++node) round.losses.emplace_back(node, 0.5 + node);
        strategy.begin(round);
        FedAvg mean{model->size()};
        for (const auto node : order) {
            const auto [scale, weight] = strategy.take({node, updates[node], samples, 5});
            mean.add(scale == 1 ? updates[node]
                                : scaled_update(*model, updates[node], scale, TrainedParts{table_of(model->size())}),
                     weight);
        }
        return strategy.next(mean);
    }

    std::shared_ptr<const std::vector<float>> model;
    std::vector<std::vector<float>> updates;
};

const std::vector<std::uint32_t> ascending{0, 1, 2, 3, 4, 5, 6};
const std::vector<std::uint32_t> mixed{3, 6, 0, 5, 1, 4, 2};

}  // namespace

TEST_CASE("What FedAvg makes of two quadratics is not their optimum", "[coordinator]")
{
    const auto rule = rule_of({});
    const auto strategy = make_strategy(rule, two_parameters());
    Rounds rounds{*strategy, rule, two_nodes()};
    check(rounds.next(), -.16, .51);
    check(rounds.next(), -.264, .8415);
    check(rounds.next(), -.3316, 1.056975);
    for (int round = 3; round < 200; ++round) rounds.next();
    check(rounds.next(), -.457142857143, 1.45714285714);
}

TEST_CASE("SCAFFOLD finds the optimum, its c the mean of all c_i in each round", "[coordinator]")
{
    const auto rule = rule_of({.kind = StrategyKind::scaffold});
    Scaffold strategy{rule, two_parameters()};
    Rounds rounds{strategy, rule, two_nodes()};
    const auto check_variates = [&](std::array<double, 2> c, std::array<double, 2> a, std::array<double, 2> b) {
        const auto& variates = strategy.variates();
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(variates.mean()[i] == Approx(c[i]).margin(2e-6));
            CHECK(variates.of(0)[i] == Approx(a[i]).margin(2e-6));
            CHECK(variates.of(1)[i] == Approx(b[i]).margin(2e-6));
            CHECK(variates.mean()[i] ==
                  Approx((static_cast<double>(variates.of(0)[i]) + static_cast<double>(variates.of(1)[i])) / 2)
                      .epsilon(1e-15));
        }
    };
    check(rounds.next(), -.16, .51);
    check_variates({.8, -2.55}, {-.95, -5.1}, {2.55, 0});
    check(rounds.next(), -.2815, .867);
    check_variates({.6075, -1.785}, {-1.1895, -4.182}, {2.4045, .612});
    check(rounds.next(), -.360945, 1.09752);
    check_variates({.397225, -1.1526}, {-1.307275, -3.2487}, {2.101725, .9435});
    for (int round = 3; round < 300; ++round) rounds.next();
    check(rounds.next(), -.5, 1.5);
}

TEST_CASE("SCAFFOLD's c counts the nodes that are not there", "[coordinator]")
{
    const auto rule = rule_of({.kind = StrategyKind::scaffold}, 4);
    Scaffold strategy{rule, two_parameters()};
    Rounds rounds{strategy, rule, two_nodes()};
    check(rounds.next(), -.16, .51);
    CHECK(strategy.variates().mean()[1] == Approx(-1.275).margin(2e-6));
    check(rounds.next(), -.2095, .6375);
    check(rounds.next(), -.25607, .7768575);
    CHECK(strategy.variates().mean()[0] == Approx(.2783).margin(2e-6));
    CHECK(strategy.variates().mean()[1] == Approx(-.82651875).margin(2e-6));
}

TEST_CASE("A control variate stays where its update is not in a model", "[coordinator]")
{
    const auto rule = rule_of({.kind = StrategyKind::scaffold});
    Scaffold strategy{rule, two_parameters()};
    const auto model = std::make_shared<const std::vector<float>>(2, 0.0F);
    const StrategyRound round{.number = 1, .model = model, .local_rate = 0.1, .most_steps = 2};
    strategy.begin(round);
    (void)strategy.take({0, std::vector{1.0F, 1.0F}, 1, 2});
    strategy.begin(round);  // the round before has come to nothing
    CHECK(strategy.variates().of(0).empty());
    CHECK(strategy.linear_term(0) == nullptr);
    CHECK(strategy.variates().held() == 0);
}

TEST_CASE("FedDyn's rounds, with a small alpha and a large one", "[coordinator]")
{
    const auto small = rule_of({.kind = StrategyKind::feddyn, .alpha = .1});
    FedDyn strategy{small, two_parameters()};
    Rounds rounds{strategy, small, two_nodes()};
    check(rounds.next(), -.318, 1.014);
    CHECK(strategy.multipliers().mean()[0] == Approx(.0159).margin(1e-7));
    CHECK(strategy.multipliers().mean()[1] == Approx(-.0507).margin(1e-7));
    CHECK(strategy.multipliers().of(0)[0] == Approx(-.0189).margin(1e-7));
    CHECK(strategy.multipliers().of(0)[1] == Approx(-.1014).margin(1e-7));
    CHECK(strategy.multipliers().of(1)[0] == Approx(.0507).margin(1e-7));
    check(rounds.next(), -.5686758, 1.8121194);
    check(rounds.next(), -.68966088198, 2.19577077174);
    CHECK(strategy.multipliers().mean()[0] == Approx(.016291149099).margin(1e-7));
    CHECK(strategy.multipliers().mean()[1] == Approx(-.051810553587).margin(1e-7));

    const auto large = rule_of({.kind = StrategyKind::feddyn, .alpha = 1});
    FedDyn other{large, two_parameters()};
    Rounds more{other, large, two_nodes()};
    check(more.next(), -.3, .96);
    check(more.next(), -.5076, 1.6128);
    check(more.next(), -.6018, 1.89696);
    CHECK(other.multipliers().mean()[1] == Approx(-.42528).margin(1e-6));
    for (int round = 3; round < 400; ++round) more.next();
    check(more.next(), -.5, 1.5);
}

TEST_CASE("FedNova divides each update by how far its steps go", "[coordinator]")
{
    CHECK(normalized_steps(3, 0, 0) == 3);
    CHECK(normalized_steps(3, .9, 0) == Approx(5.61).epsilon(1e-14));
    CHECK(normalized_steps(1, .9, 0) == 1);
    // a (1 - 0.1) + 1: 1, 1.9, 2.71.
    CHECK(normalized_steps(3, 0, .1) == Approx(2.71).epsilon(1e-14));

    // One node of three steps and three quarters of the samples towards (1, 2), one of a step towards (-1, 0).
    const std::vector<Quadratic> nodes{{1, 1, 1, 2, 3, 3}, {1, -1, 1, 0, 1, 1}};
    auto rule = rule_of({.kind = StrategyKind::fednova, .mu = 0});
    const auto first = [&] {
        const auto strategy = make_strategy(rule, two_parameters());
        Rounds rounds{*strategy, rule, nodes};
        return rounds.next();
    };
    check(first(), .106875, .33875);
    rule.optimizer.momentum = .9;
    check(first(), .194866644385, .61260828877);
}

TEST_CASE("FedNova's rounds of unequal steps, and where they end", "[coordinator]")
{
    auto nodes = two_nodes();
    nodes[0].steps = 3;
    nodes[1].steps = 1;
    const auto rule = rule_of({.kind = StrategyKind::fednova, .mu = 0});
    const auto strategy = make_strategy(rule, two_parameters());
    Rounds rounds{*strategy, rule, nodes};
    check(rounds.next(), -.209666666667, .438);
    check(rounds.next(), -.337493444444, .736278);
    for (int round = 2; round < 300; ++round) rounds.next();
    check(rounds.next(), -.537147736977, 1.37304075235);

    const auto plain = rule_of({});
    const auto average = make_strategy(plain, two_parameters());
    Rounds averaged{*average, plain, nodes};
    check(averaged.next(), -.0145, .657);
    check(averaged.next(), -.02486025, 1.0653255);
}

TEST_CASE("q-FedAvg weighs nodes by their losses", "[coordinator]")
{
    // L = 10, ||L D||^2 = 5 and 1: h = 5 + 25 and 1 + 5; of K = 2 longer updates.
    CHECK(2.5 * fair_curvature(1, 2.5, 1, 10, std::sqrt(.05)) == Approx(30).epsilon(1e-12));
    CHECK(2.5 * fair_curvature(.2, .5, 1, 10, .1) == Approx(6).epsilon(1e-12));
    CHECK(2.5 * fair_curvature(1, 2.5, 1, 10, std::sqrt(.1805)) == Approx(43.05).epsilon(1e-12));
    CHECK(2.5 * fair_curvature(.2, .5, 1, 10, .19) == Approx(8.61).epsilon(1e-12));
    CHECK(fair_weight(.5, 2.5, 1) == Approx(.2).epsilon(1e-14));
    CHECK(fair_weight(.5, 2.5, 5) == Approx(std::pow(.2, 5)).epsilon(1e-13));
    CHECK(fair_weight(.5, 2.5, 0) == 1);

    const auto next = [](double q, std::uint64_t steps) {
        const auto rule = rule_of({.kind = StrategyKind::q_fedavg, .q = q});
        const auto strategy = make_strategy(rule, two_parameters());
        Rounds rounds{*strategy, rule, {{1, 1, 1, 2, steps, 3}, {1, -1, 1, 0, steps, 1}}};
        rounds.losses = {{0, 2.5}, {1, .5}};
        return rounds.next();
    };
    check(next(0, 1), 0, .1);
    check(next(1, 1), .0555555555556, .138888888889);
    check(next(1, 2), .0735578784359, .18389469609);
    check(next(5, 1), .0499680102367, .0999680102367);
}

TEST_CASE("Strategies that change nothing give FedAvg's model, bit for bit", "[coordinator]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const NoisyRound round{seed};
        const auto plain_rule = rule_of({}, 7);
        const auto expected = round.next(*make_strategy(plain_rule, table_of(500)), ascending);
        for (const auto& strategy :
             {spec::Strategy{.kind = StrategyKind::fedprox, .mu = 0},
              spec::Strategy{.kind = StrategyKind::fedavgm, .learning_rate = 1, .beta1 = 0},
              spec::Strategy{.kind = StrategyKind::fednova, .mu = 0},
              spec::Strategy{.kind = StrategyKind::q_fedavg, .q = 0}, spec::Strategy{.kind = StrategyKind::scaffold}}) {
            const auto rule = rule_of(strategy, 7);
            CAPTURE(static_cast<int>(strategy.kind), seed);
            CHECK(round.next(*make_strategy(rule, table_of(500)), ascending) == expected);
        }
    }
}

TEST_CASE("No strategy's model depends on the order of arrival", "[coordinator]")
{
    const NoisyRound round{3};
    for (const auto kind : {StrategyKind::fedavg, StrategyKind::fedavgm, StrategyKind::fedadagrad,
                            StrategyKind::fedadam, StrategyKind::fedyogi, StrategyKind::fedprox, StrategyKind::scaffold,
                            StrategyKind::fednova, StrategyKind::feddyn, StrategyKind::q_fedavg}) {
        CAPTURE(static_cast<int>(kind));
        const auto rule = rule_of({.kind = kind, .learning_rate = .3}, 7);
        CHECK(round.next(*make_strategy(rule, table_of(500)), ascending) ==
              round.next(*make_strategy(rule, table_of(500)), mixed));
    }
}

TEST_CASE("Each strategy goes on from a checkpoint, bit for bit", "[coordinator]")
{
    const NoisyRound first{3};
    const NoisyRound second{4};
    for (const auto kind :
         {StrategyKind::fedavgm, StrategyKind::fedadam, StrategyKind::scaffold, StrategyKind::feddyn}) {
        CAPTURE(static_cast<int>(kind));
        const auto rule = rule_of({.kind = kind}, 9);
        const auto whole = make_strategy(rule, table_of(500));
        (void)first.next(*whole, ascending);
        learning::StateWriter writer;
        whole->write(writer);
        const auto bytes = writer.take();
        const auto resumed = make_strategy(rule, table_of(500));
        learning::StateReader reader{bytes};
        resumed->read(reader);
        const auto term = resumed->linear_term(2);
        CHECK((term ? *term : std::vector<float>{}) ==
              (whole->linear_term(2) ? *whole->linear_term(2) : std::vector<float>{}));
        CHECK(second.next(*resumed, ascending) == second.next(*whole, ascending));
    }
}

TEST_CASE("Buffers that no optimizer trains are the aggregate's", "[coordinator]")
{
    auto table = table_of(2);
    table.slots.push_back({"running_mean", {1}, 2, 1, 0, {}, false});
    table.size = 3;
    const auto model = std::make_shared<const std::vector<float>>(3, 1.0F);
    for (const auto kind :
         {StrategyKind::fedavgm, StrategyKind::fedadam, StrategyKind::scaffold, StrategyKind::feddyn}) {
        const auto rule = rule_of({.kind = kind, .learning_rate = .25, .alpha = 1}, 4);
        const auto strategy = make_strategy(rule, table);
        strategy->begin({.number = 1, .model = model, .local_rate = 0.1, .most_steps = 1});
        FedAvg mean{3};
        const std::vector<float> update{2, 2, 5};
        mean.add(update, strategy->take({0, update, 1, 1}).weight);
        const auto next = strategy->next(mean);
        CHECK(next[2] == 5);
        CHECK(next[0] != 2);
    }
    CHECK(scaled_update(*model, std::vector<float>{2, 2, 5}, 3, TrainedParts{table}) == std::vector<float>{4, 4, 5});
}

TEST_CASE("A server's rate follows its schedule", "[coordinator]")
{
    auto rule = rule_of({.learning_rate = 2, .schedule = {.kind = spec::RateScheduleKind::step, .every = 1}});
    const auto strategy = make_strategy(rule, two_parameters());
    Rounds rounds{*strategy, rule, {{1, 1, 1, 2, 1, 1}}};
    // One step of 0.1 towards (1, 2), twice as far, and then as far as it goes.
    check(rounds.next(), .2, .4);
    check(rounds.next(), .28, .56);
}

TEST_CASE("A state beyond what a sum holds ends the run, by the node's name", "[coordinator]")
{
    NodeStates states{2, 1};
    CHECK_THROWS_WITH(states.hold(1, {0x1p31F}), Catch::Contains("node 1"));
    CHECK_THROWS_AS(states.hold(1, {std::nanf("")}), SystemError);
    const std::vector<float> model{0};
    CHECK_THROWS_AS(scaled_update(model, std::vector{0x1p30F}, 4, TrainedParts{table_of(1)}), SystemError);
}
