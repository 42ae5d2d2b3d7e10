#include "coordinator/trainings/held_updates.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

HeldUpdates::Model model(float value) { return std::make_shared<const std::vector<float>>(2, value); }

}  // namespace

TEST_CASE("A stale update moves the present model by what it moved its own, times its weight")
{
    const std::vector<float> present{10, 20}, began{1, 2}, update{2, 6};
    CHECK(moved(present, update, began, 1) == std::vector<float>{11, 24});
    CHECK(moved(present, update, began, 0.5) == std::vector<float>{10.5F, 22});
}

TEST_CASE("An update of the present model is itself, bit for bit")
{
    const std::vector<float> present{0.1F, 1e8F}, update{0.3F, 0.7F};
    CHECK(moved(present, update, present, 1) == update);
}

TEST_CASE("Staleness weighs by a power of the age")
{
    CHECK(staleness_weight(0, 0.5) == 1);
    CHECK(staleness_weight(3, 0.5) == Approx(0.5).epsilon(1e-14));
    CHECK(staleness_weight(7, 0) == 1);
    CHECK(staleness_weight(1, 1) == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("What is held goes into a checkpoint and comes back; models go with the last update that began from them")
{
    HeldUpdates held;
    held.hold(3, model(3));
    held.hold(4, model(4));
    held.hold(7, 3, {{1, 2}, 0.5});
    held.hold(9, 4, {{3, 4}, 0.25});
    learning::StateWriter writer;
    held.write(writer);
    const auto bytes = writer.take();
    learning::StateReader reader{bytes};
    HeldUpdates again;
    again.read(reader);
    REQUIRE(again.find(7, 3) != nullptr);
    CHECK(again.find(7, 3)->parameters == std::vector<float>{1, 2});
    CHECK(again.find(9, 4)->mean_loss == 0.25);
    CHECK(again.model(4) == std::vector<float>{4, 4});
    CHECK(again.find(7, 4) == nullptr);

    again.drop(7, 3);
    again.drop_idle_models();
    CHECK(again.updates() == 1);
    CHECK(again.model(4).size() == 2);
    CHECK_THROWS(again.model(3));
}
