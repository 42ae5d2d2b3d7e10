#include "client/connection/answer_message.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "common/protocol/messages.hpp"

using namespace fedgram;
using namespace fedgram::client;

namespace {

/// Of the largest values that there are, estimate included.
Answer held_answer()
{
    Answer answer{nullptr, {3, 1'000'000, 999'999}};
    answer.held = true;
    answer.result.emplace();
    answer.result->samples = answer.result->samples_seen = answer.result->steps =
        std::numeric_limits<std::uint32_t>::max();
    answer.result->mean_loss = 0.1;
    answer.cost.cpu_seconds = 0.2;
    answer.cost.estimate = energy::usual_estimate();
    answer.cost.estimate->joules = Joules{0.3};
    answer.cost.estimate->low = Joules{0.1};
    answer.cost.estimate->high = Joules{0.7};
    return answer;
}

}  // namespace

TEST_CASE("A held node takes no more than 128 bytes, even alone in its message", "[client]")
{
    const std::vector<Answer> one(1, held_answer());
    const auto frame = nodes_held_frame(one, 0.25);
    CHECK_FALSE(frame.payload);
    // Three bytes more are its name in the sum.
    CHECK(protocol::frame_header_size + frame.header.size() + 3 <= 128);
    const auto message = protocol::parse<wire::NodesHeld>({frame.type, frame.header, {}});
    REQUIRE(message.nodes_size() == 1);
    CHECK(message.nodes(0).node() == 999'999);
    CHECK(message.nodes(0).estimate_joules(2) == 0.7);
    CHECK(message.cpu_seconds() == 0.25);
}

TEST_CASE("Held nodes of one round go together, unless their estimates differ in more than their joules", "[client]")
{
    const auto a = held_answer();
    auto b = held_answer();
    b.cost.estimate->joules = Joules{7};
    CHECK(may_share_a_message(a, b));
    b.task.round = 2;
    CHECK_FALSE(may_share_a_message(a, b));
    b = held_answer();
    b.held = false;
    CHECK_FALSE(may_share_a_message(a, b));
    b = held_answer();
    b.cost.estimate->warnings.emplace_back("too short");
    CHECK_FALSE(may_share_a_message(a, b));
    b.cost.estimate.reset();
    CHECK_FALSE(may_share_a_message(a, b));
    const std::vector<Answer> without(1, b);
    CHECK(protocol::parse<wire::NodesHeld>({{}, nodes_held_frame(without, 0).header, {}})
              .nodes(0)
              .estimate_joules()
              .empty());
}
