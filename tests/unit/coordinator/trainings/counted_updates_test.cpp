#include "coordinator/trainings/counted_updates.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

TEST_CASE("A node's last round that counted is kept apart from that of the checkpoint before the latest")
{
    CountedUpdates updates{2};
    CHECK(updates.counted(0) == 0);
    CHECK(updates.settled(0) == 0);
    updates.count(Nodes{0, 1}, 1);
    updates.settle();
    updates.count(Nodes{0}, 2);
    CHECK(updates.counted(0) == 2);
    CHECK(updates.counted(1) == 1);
    // Were the checkpoint of round 1 damaged, the run would begin anew.
    CHECK(updates.settled(0) == 0);
    updates.settle();
    CHECK(updates.settled(0) == 1);
    updates.count(Nodes{0}, 3);
    updates.settle();
    CHECK(updates.settled(0) == 2);
    CHECK(updates.settled(1) == 1);
}

TEST_CASE("A run that goes on from a checkpoint has no other to go back to")
{
    CountedUpdates updates{3};
    updates.count(Nodes{0, 2}, 5);
    updates.settle();
    updates.count(Nodes{2}, 6);
    learning::StateWriter state;
    updates.write(state);
    const auto bytes = state.take();
    CountedUpdates resumed{3};
    learning::StateReader reader{bytes};
    resumed.read(reader);
    for (const auto& [node, round] : {std::pair{0u, 5u}, {1u, 0u}, {2u, 6u}}) {
        CHECK(resumed.counted(node) == round);
        CHECK(resumed.settled(node) == round);
    }
    CountedUpdates of_others{4};
    learning::StateReader again{bytes};
    CHECK_THROWS_AS(of_others.read(again), DataError);
}
