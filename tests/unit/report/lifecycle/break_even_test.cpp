#include "common/report/lifecycle/break_even.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::report;

namespace {

// Of a joule a gram: 3.6e6 g/kWh.
constexpr GramsPerKilowattHour grid{3.6e6};

Spent grams(double low, double likely, double high)
{
    return spent(Joules{likely}, {Joules{low}, Joules{high}}, grid, 0);
}

RequestPrice price(double joules) { return {Seconds{1}, Joules{joules}, energy::WaitingPower{Watts{}}}; }

/// A model of one training on a device that takes nothing while it waits.
LifeBasis basis(const std::string& label, const Spent& levers, double low, double likely, double high)
{
    LifeBasis basis;
    basis.name = label;
    basis.model.label = label;
    auto profile = energy::test::gpu();
    basis.place.device = energy::InferenceDevice{.profile = profile};
    basis.before.push_back({LifeStage::training, grams(50, 100, 200), ""});
    if (levers.joules > Joules{}) basis.before.push_back({LifeStage::levers, levers, ""});
    basis.request = RequestPrices{.likely = price(likely), .ends = {price(low), price(high)}, .basis = "the test"};
    return basis;
}

LifeBreakEven pair_of(const LifeBasis& one, const LifeBasis& other, LifePlan plan = {.predictions_per_day = 10})
{
    const Life lives[] = {life_of(one, plan, {grid, 0}), life_of(other, plan, {grid, 0})};
    const auto pairs = break_evens(lives, plan, grid);
    REQUIRE(pairs.size() == 1);
    return pairs.front();
}

}  // namespace

TEST_CASE("Of two models of one training on one device the band has levers and what a prediction saves", "[report]")
{
    const auto pair = pair_of(basis("own", {}, 5, 10, 20), basis("small", grams(30, 60, 90), 3, 6, 12));
    CHECK(pair.greener == 1);
    // By hand: 60 g over 4 g. At the ends of the device the saving is 2 g and 8 g; the training cancels.
    CHECK(*pair.predictions == Approx(15));
    CHECK(pair.least == Approx(30.0 / 8));
    CHECK(*pair.most == Approx(90.0 / 2));
    CHECK_FALSE(pair.is_crosswise);
}

TEST_CASE("What never comes into use and retraining are in the band, too", "[report]")
{
    // By hand: half fail, so that levers count twice; one retraining over 100 predictions takes 0.3, 0.6 or 0.9 g each.
    const LifePlan plan{.predictions_per_day = 10, .days = 10, .retrain_every_days = 6, .failed_share = 0.5};
    auto small = basis("small", grams(30, 60, 90), 3, 6, 12);
    auto own = basis("own", {}, 5, 10, 20);
    // Once is what stands before: training, and levers.
    for (auto* each : {&small, &own})
        for (const auto& part : each->before) each->retraining = each->retraining + part.spent;
    for (auto* each : {&small, &own})
        each->before.push_back({LifeStage::never_used, each->before_use() * plan.failed_for_each(), ""});
    const auto pair = pair_of(own, small, plan);
    CHECK(*pair.predictions == Approx(120 / (4 - 0.6)));
    CHECK(pair.least == Approx(60 / (8 - 0.3)));
    CHECK(*pair.most == Approx(180 / (2 - 0.9)));
}

TEST_CASE("Where the ends cross there may be no break-even", "[report]")
{
    // On unlike devices each goes to its ends by itself: 12 g of the one against 5 g of the other.
    auto other = basis("small", grams(30, 60, 90), 3, 6, 12);
    other.place.device->profile->id = "other";
    const auto pair = pair_of(basis("own", {}, 5, 10, 20), other);
    CHECK(*pair.predictions == Approx(15));
    CHECK(pair.least == Approx(30.0 / (20 - 3)));
    CHECK_FALSE(pair.most);
    CHECK(pair.is_crosswise);
}

TEST_CASE("What emits less at any number does so for sure only where its ends don't cross the other's", "[report]")
{
    const auto sure = pair_of(basis("own", {}, 5, 10, 20), basis("own too", {}, 4, 9, 19));
    CHECK_FALSE(sure.predictions);
    CHECK(sure.is_told_apart());
    auto elsewhere = basis("own", {}, 4, 9, 19);
    elsewhere.place.device->profile->id = "other";
    const auto likely = pair_of(basis("own", {}, 5, 10, 20), elsewhere);
    CHECK_FALSE(likely.predictions);
    CHECK_FALSE(likely.is_told_apart());
}

TEST_CASE("A lower bound has no break-even, nor have equal lives", "[report]")
{
    const LifePlan plan{.predictions_per_day = 10};
    auto unknown = basis("small", grams(30, 60, 90), 3, 6, 12);
    unknown.request->likely.waiting.reset();
    const Life lives[] = {life_of(basis("own", {}, 5, 10, 20), plan, {grid, 0}), life_of(unknown, plan, {grid, 0}),
                          life_of(basis("twin", {}, 5, 10, 20), plan, {grid, 0})};
    CHECK(lives[1].is_lower_bound());
    CHECK(break_evens(lives, plan, grid).empty());
}
