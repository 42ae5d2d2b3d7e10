#include "common/masking/protocol_cost.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

using namespace fedgram;
using masking::Delivery;
using masking::ProtocolSetting;
using masking::Ring;
using masking::Stage;
using masking::Traffic;

namespace {

/// Of a user's traffic to what its values take in the clear, of 16 bits each.
double expansion(std::uint32_t users, std::uint64_t values, std::uint32_t ring_bits)
{
    const auto traffic = node_traffic({users, users - 1, values, Ring{ring_bits}}, Delivery::delivered);
    return static_cast<double>(traffic.bytes_up + traffic.bytes_down) / (2 * static_cast<double>(values));
}

}  // namespace

TEST_CASE("A user's bytes expand as Bonawitz and others publish it", "[masking]")
{
    // eprint 2017/281: 1.73x for 2^10 users with 2^20 values of 16 bits, 1.98x for 2^14 users with 2^24 values. The
    // ring holds the sum of n values below 2^16: log2(n (2^16 - 1) + 1) is 26 and 30 bits.
    CHECK(expansion(1U << 10, 1U << 20, 26) == Approx(1.73431).margin(5e-6));
    CHECK(expansion(1U << 14, 1U << 24, 30) == Approx(1.98437).margin(5e-6));
}

TEST_CASE("A node's messages and bytes are counted by stage", "[masking]")
{
    // By hand, for 4 neighbours, and 100 values of 26 bits: 325 bytes.
    const ProtocolSetting setting{10, 4, 100, Ring{26}};
    CHECK(traffic(Stage::advertise_keys, setting) == Traffic{1, 1, 64, 256});
    CHECK(traffic(Stage::share_keys, setting) == Traffic{1, 1, 256, 256});
    CHECK(traffic(Stage::masked_input, setting) == Traffic{1, 1, 325, 0});
    CHECK(traffic(Stage::unmask, setting) == Traffic{1, 0, 160, 0});
    CHECK(node_traffic(setting, Delivery::delivered) == Traffic{4, 3, 805, 512});
    CHECK(node_traffic(setting, Delivery::dropped_out) == Traffic{2, 2, 320, 512});
}

TEST_CASE("The coordinator has the traffic of all nodes", "[masking]")
{
    const ProtocolSetting setting{10, 4, 100, Ring{26}};
    CHECK(coordinator_traffic(setting, 0) == Traffic{40, 30, 8050, 5120});
    // Two send 805 - 320 bytes less, in two messages less.
    CHECK(coordinator_traffic(setting, 2) == Traffic{36, 28, 7080, 5120});
    CHECK(coordinator_traffic(setting, 10) == Traffic{20, 20, 3200, 5120});
}

TEST_CASE("A node's work is its masks and its update", "[masking]")
{
    // By hand: 100 values draw 400 bytes, 25 blocks of 324 operations, and 100 additions: 8,200 for each of 5 masks,
    // and 6 for each value; 8 bytes a value are read, and 325 written.
    const ProtocolSetting setting{10, 4, 100, Ring{26}};
    CHECK(mask_bytes(setting) == 400);
    CHECK(masking_work(setting) == energy::Work{.flops = 5 * 8200 + 600, .memory_bytes = 1125});
    // A ring of more than 32 bits draws twice as much; 101 values of 8 bytes are 50 blocks and a half.
    CHECK(masking::mask_bytes({10, 4, 100, Ring{33}}) == 800);
    CHECK(masking::masking_work({2, 1, 101, Ring{64}}).flops == 2 * (51 * 324 + 101) + 606);
}

TEST_CASE("The coordinator's work grows with the masks that drop-outs leave", "[masking]")
{
    const ProtocolSetting setting{10, 4, 100, Ring{26}};
    // 8 vectors of 325 bytes; the sum is read and written for each of them and once for the masks.
    CHECK(unmasking_work(setting, {.own = 8, .pairwise = 7}) ==
          energy::Work{.flops = 15 * 8200 + 800, .memory_bytes = 8 * 325 + 9 * 1600});
}

TEST_CASE("The table of the module's page", "[masking]")
{
    // 582,026 values in the ring of equal weights and 21 bits of fraction, with the neighbours of the rule.
    const auto up = [](std::uint32_t cohort, std::uint32_t neighbours, std::uint32_t bits) {
        return node_traffic({cohort, neighbours, 582'026, Ring{bits}}, Delivery::delivered).bytes_up;
    };
    CHECK(up(10, 9, 26) == 1'891'585 + 64 + 576 + 320);
    CHECK(up(100, 28, 29) == 2'109'845 + 64 + 1792 + 928);
    CHECK(up(1000, 40, 32) == 2'328'104 + 64 + 2560 + 1312);
}
