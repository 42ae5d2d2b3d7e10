#include "coordinator/rounds/partial_share.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

// 4 s of download, 5 steps and an encoding in 10 s, 8 s of upload.
const energy::Work encoding{.flops = 7, .kernels = 2};
const VirtualNode times{3, Seconds{4}, Seconds{10}, Seconds{8}, {}};

energy::Work steps(std::uint32_t, learning::LocalEpochs done)
{
    return {.samples = done.samples_seen, .steps = done.steps, .flops = 100 * done.steps};
}

energy::NodeRound whole()
{
    energy::NodeRound share{3, steps(3, {50, 5}), 1000, 80};
    share.train += encoding;
    return share;
}

energy::NodeRound after(double seconds) { return partial_share(whole(), times, Seconds{seconds}, steps); }

}  // namespace

TEST_CASE("A node that is cut short has done bytes by time and whole steps")
{
    CHECK(after(2) == energy::NodeRound{3, {}, 500, 0});
    CHECK(after(4) == energy::NodeRound{3, {}, 1000, 0});
    CHECK(after(9) == energy::NodeRound{3, steps(3, {20, 2}), 1000, 0});
    CHECK(after(13.9) == energy::NodeRound{3, steps(3, {40, 4}), 1000, 0});
}

TEST_CASE("What comes behind a node's last step is done once it begins to upload")
{
    auto trained = whole();
    trained.bytes_up = 0;
    CHECK(after(14) == trained);
    trained.bytes_up = 20;
    CHECK(after(16) == trained);
    CHECK(after(22) == whole());
    CHECK(after(30) == whole());
}
