#include "common/masking/masked_sum.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <variant>
#include <vector>

#include "common/masking/mask_stream.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using masking::MaskedRound;
using masking::MaskedSum;
using masking::MaskGraph;
using masking::Ring;
using masking::Unrecoverable;

namespace {

using Nodes = std::vector<std::uint32_t>;
using Words = std::vector<std::uint64_t>;
using Numbers = std::vector<std::int64_t>;

constexpr MaskedRound masked_round{.seed = 11, .round = 4};

Words masked(Words words, Ring ring, std::uint32_t node, const Nodes& neighbours)
{
    apply(masking::masks_of(masked_round, node, neighbours), ring, words);
    return words;
}

/// A cohort whose updates are random numbers up to 2^21 in magnitude, in a ring that holds their sum.
struct Cohort {
    Cohort(std::uint32_t size, std::uint32_t degree, std::size_t values = 70)
        : ring{22 + static_cast<std::uint32_t>(std::bit_width(size))},
          nodes(size),
          graph{masked_round.seed, masked_round.round, with_ids(), degree}
    {
        for (const auto node : nodes) {
            Stream stream{2, Purpose::engine, 0, node};
            auto& update = updates[node];
            for (std::size_t i = 0; i < values; ++i)
                update.push_back(static_cast<std::int64_t>(stream.below((1 << 22) + 1)) - (1 << 21));
        }
    }

    [[nodiscard]] Words message(std::uint32_t node) const
    {
        const auto& update = updates.at(node);
        return masked(Words(update.begin(), update.end()), ring, node, graph.neighbours(node));
    }

    /// Of those that deliver, in this order, as their messages' bytes.
    [[nodiscard]] auto unmasked(const Nodes& delivered, std::uint32_t threshold = 1) const
    {
        MaskedSum sum{ring, updates.begin()->second.size()};
        for (const auto node : delivered) {
            const auto bytes = ring.packed(message(node));
            sum.add(node, ring.unpacked(std::as_bytes(std::span{bytes}), updates.at(node).size()).value());
        }
        return sum.unmasked(masked_round, graph, threshold);
    }

    [[nodiscard]] Numbers plain(const Nodes& delivered) const
    {
        Numbers sum(updates.begin()->second.size());
        for (const auto node : delivered) std::ranges::transform(sum, updates.at(node), sum.begin(), std::plus{});
        return sum;
    }

    Ring ring;
    Nodes nodes;
    MaskGraph graph;
    std::map<std::uint32_t, Numbers> updates;

private:
    const Nodes& with_ids()
    {
        for (std::uint32_t i = 0; i < nodes.size(); ++i) nodes[i] = 3 + 5 * i;
        return nodes;
    }
};

/// All but the last `dropouts` in a random order.
Nodes some_of(const Nodes& nodes, std::uint32_t dropouts, std::uint64_t seed)
{
    auto order = nodes;
    Stream{seed, Purpose::engine, 1}.shuffle(std::span{order});
    order.resize(order.size() - dropouts);
    return order;
}

}  // namespace

TEST_CASE("A masked sum is the plain sum bit for bit, whoever drops out and in whatever order the others come",
          "[masking]")
{
    struct Case {
        std::uint32_t size;
        std::uint32_t degree;
    };
    const auto [size, degree] = GENERATE(values<Case>(
        {{1, 0}, {2, 1}, {3, 2}, {10, 9}, {10, 2}, {10, 3}, {10, 4}, {11, 4}, {100, 99}, {100, 28}, {100, 6}}));
    const Cohort cohort{size, degree};
    for (const std::uint32_t dropouts : {0U, 1U, size / 3, size - 1}) {
        CAPTURE(size, degree, dropouts);
        if (dropouts >= size) continue;
        const auto delivered = some_of(cohort.nodes, dropouts, size);
        const auto sum = cohort.unmasked(delivered);
        REQUIRE(std::holds_alternative<Numbers>(sum));
        CHECK(std::get<Numbers>(sum) == cohort.plain(delivered));
        const Nodes reversed{delivered.rbegin(), delivered.rend()};
        CHECK(std::get<Numbers>(cohort.unmasked(reversed)) == std::get<Numbers>(sum));
    }
}

TEST_CASE("The most negative and the largest sum come through the masks", "[masking]")
{
    for (const std::uint32_t bits : {8, 32, 33, 64}) {
        const Ring ring{bits};
        const auto most_negative = -(std::int64_t{1} << (bits - 2)) * 2;
        const Nodes nodes{1, 2};
        const MaskGraph graph{masked_round.seed, masked_round.round, nodes, 1};
        MaskedSum sum{ring, 2};
        // Halves of 2^(bits - 1), with one less for the largest.
        const auto half = static_cast<std::uint64_t>(most_negative / 2);
        sum.add(1, masked({half, ~half}, ring, 1, {2}));
        sum.add(2, masked({half, ~half + 1}, ring, 2, {1}));
        CHECK(std::get<Numbers>(sum.unmasked(masked_round, graph, 2)) == Numbers{most_negative, -(most_negative + 1)});
    }
}

TEST_CASE("A masked update tells nothing of the plain one", "[masking]")
{
    // Zeros, whose masked values are spread evenly over the ring: of 4096 each of 16 parts has 256 within 5 deviations
    // of sqrt(4096 / 16 * 15 / 16) = 15.5.
    const Ring ring{26};
    const auto words = masked(Words(4096), ring, 8, {3, 13});
    std::vector<int> counts(16);
    for (const auto word : words) ++counts[ring.element(word) >> 22];
    CHECK(std::ranges::all_of(counts, [](int count) { return std::abs(count - 256) < 78; }));
    // And another round's, node's or seed's is another.
    CHECK(masked(Words(10), ring, 8, {3, 13}) != masked(Words(10), ring, 3, {8, 13}));
    Words other(10);
    apply(masking::masks_of({.seed = 11, .round = 5}, 8, Nodes{3, 13}), ring, other);
    CHECK(masked(Words(10), ring, 8, {3, 13}) != other);
    Words of_other_seed(10);
    apply(masking::masks_of({.seed = 12, .round = 4}, 8, Nodes{3, 13}), ring, of_other_seed);
    CHECK(masked(Words(10), ring, 8, {3, 13}) != of_other_seed);
}

TEST_CASE("Without the mask of one neighbour the sum is another in every value", "[masking]")
{
    const Cohort cohort{10, 4};
    const auto node = cohort.nodes[6];
    for (const auto forgotten : cohort.graph.neighbours(node)) {
        auto neighbours = cohort.graph.neighbours(node);
        std::erase(neighbours, forgotten);
        MaskedSum sum{cohort.ring, 70};
        for (const auto each : cohort.nodes) {
            const auto& update = cohort.updates.at(each);
            sum.add(each, each == node ? masked(Words(update.begin(), update.end()), cohort.ring, node, neighbours)
                                       : cohort.message(each));
        }
        const auto unmasked = std::get<Numbers>(sum.unmasked(masked_round, cohort.graph, 3));
        const auto plain = cohort.plain(cohort.nodes);
        int equal = 0;
        for (std::size_t i = 0; i < plain.size(); ++i) equal += static_cast<int>(unmasked[i] == plain[i]);
        CHECK(equal == 0);
    }
}

TEST_CASE("A sum isn't unmasked when fewer than the threshold hold a share of some node", "[masking]")
{
    // In the complete graph of 10, a node that delivered has as many shares as have delivered, and so has a lost one.
    const Cohort complete{10, 9, 3};
    const auto seven = some_of(complete.nodes, 3, 1);
    const auto six = some_of(complete.nodes, 4, 1);
    CHECK(std::get<Numbers>(complete.unmasked(seven, 7)) == complete.plain(seven));
    CHECK(std::get<Unrecoverable>(complete.unmasked(six, 7)) == Unrecoverable{3, 6, 7});
}

TEST_CASE("Shares are counted among a node and its neighbours alone", "[masking]")
{
    // A ring, so that each node and its two neighbours hold its shares.
    const Cohort ring{8, 2, 3};
    const auto lost = ring.nodes[2];
    const auto lost_neighbours = ring.graph.neighbours(lost);
    auto delivered = ring.nodes;
    std::erase(delivered, lost);
    // Two shares are left of the lost one, and of its neighbours, which have delivered.
    CHECK_FALSE(unrecoverable(ring.graph, delivered, 2));
    const auto first = std::ranges::min(Nodes{lost, lost_neighbours[0], lost_neighbours[1]});
    CHECK(unrecoverable(ring.graph, delivered, 3) == Unrecoverable{first, 2, 3});
    CHECK_FALSE(unrecoverable(ring.graph, ring.nodes, 3));

    // Nothing is to be undone of a node whose neighbours are lost, too.
    auto fewer = delivered;
    for (const auto neighbour : lost_neighbours) std::erase(fewer, neighbour);
    CHECK(unrecoverable(ring.graph, fewer, 2)->node != lost);
    CHECK(std::get<Numbers>(ring.unmasked(fewer, 1)) == ring.plain(fewer));
    CHECK_FALSE(unrecoverable(ring.graph, Nodes{}, 2));
}

TEST_CASE("The masks that are left in a sum are counted", "[masking]")
{
    const Cohort complete{10, 9, 3};
    CHECK(left_masks(complete.graph, complete.nodes) == masking::LeftMasks{10, 0});
    const Nodes seven{3, 8, 13, 18, 23, 28, 33};
    CHECK(left_masks(complete.graph, seven) == masking::LeftMasks{7, 21});  // each of 3 with each of 7
    const Cohort ring{8, 2, 3};
    Nodes delivered = ring.nodes;
    std::erase(delivered, ring.nodes[2]);
    CHECK(left_masks(ring.graph, delivered) == masking::LeftMasks{7, 2});
    std::erase(delivered, ring.graph.neighbours(ring.nodes[2])[0]);
    CHECK(left_masks(ring.graph, delivered) == masking::LeftMasks{6, 2});
}
