#include "datasets/readers/next_word.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "datasets/partition/federation.hpp"
#include "datasets/partition/natural_partition.hpp"

using namespace fedgram;
using namespace fedgram::datasets;

namespace {

constexpr std::size_t window = 8;

const Dataset& data()
{
    static const auto made = load({.dataset = "synthetic-next-word"}, std::nullopt);
    return made;
}

/// What the next word depends on: the kind of the word before the last, and the last word.
using Context = std::pair<int, int>;

Context context_of(const Split& split, std::size_t sample)
{
    const auto* const behind = split.values.data() + (sample + 1) * window;
    return {static_cast<int>(behind[-2]) % 4, static_cast<int>(behind[-1])};
}

/// How often each word came next, in the training set.
std::map<Context, std::map<int, int>> counted()
{
    std::map<Context, std::map<int, int>> counts;
    for (std::size_t i = 0; i < data().train.size(); ++i) ++counts[context_of(data().train, i)][data().train.labels[i]];
    return counts;
}

/// Of the words that came next, the one that did so most often.
int favourite(const std::map<int, int>& counts)
{
    return std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; })->first;
}

}  // namespace

TEST_CASE("The next-word data is windows of a hundred speakers' words, the same on every machine", "[datasets]")
{
    CHECK((data().channels == 1 && data().height == 1 && data().width == window && data().classes == 64));
    CHECK(data().test.size() == 100 * 50);
    CHECK(data().train.values.size() == data().train.size() * window);
    CHECK(data().train.pixels.empty());
    CHECK(data().sha256 == "40480445497693931beb32736c10bf44c34942cd0fc85caf73324f996193181b");
    for (const auto word : data().train.values) REQUIRE((word >= 0 && word < 64 && word == std::floor(word)));
    CHECK(std::set(data().train.labels.begin(), data().train.labels.end()).size() == 64);

    // Each window is the one before it, moved on by a word.
    CHECK(std::equal(data().train.values.begin() + 1, data().train.values.begin() + window,
                     data().train.values.begin() + window));
    CHECK(data().train.values[2 * window - 1] == data().train.labels[0]);
}

TEST_CASE("A hundred speakers of the next-word data are nodes of 100 to 500 samples", "[datasets]")
{
    const auto shares = natural_partition(data(), training_indices(data(), spec::Experiment{}), 100);
    REQUIRE(shares.size() == 100);
    const auto sizes = [&](const auto& share) { return share.size(); };
    CHECK(std::ranges::min(shares, {}, sizes).size() >= 100);
    CHECK(std::ranges::min(shares, {}, sizes).size() < 150);
    CHECK(std::ranges::max(shares, {}, sizes).size() <= 500);
    CHECK(std::ranges::max(shares, {}, sizes).size() > 450);
}

TEST_CASE("Four words can come next, and the best guess is right 17 times in 32", "[datasets]")
{
    const auto counts = counted();
    int right = 0;
    for (std::size_t i = 0; i < data().test.size(); ++i) {
        const auto& followers = counts.at(context_of(data().test, i));
        CHECK(followers.size() <= 4);
        right += favourite(followers) == data().test.labels[i] ? 1 : 0;
    }
    // Each sample is a draw of its own: a deviation of sqrt(17 x 15 / 5000) / 32 = 0.007.
    CHECK(right / 5000.0 == Approx(17.0 / 32).margin(3 * 0.007));
}

TEST_CASE("The last word alone says little about the next one", "[datasets]")
{
    std::map<int, std::map<int, int>> counts;
    for (const auto& [context, followers] : counted())
        for (const auto& [word, count] : followers) counts[context.second][word] += count;
    int right = 0;
    for (std::size_t i = 0; i < data().test.size(); ++i)
        right += favourite(counts.at(context_of(data().test, i).second)) == data().test.labels[i] ? 1 : 0;
    CHECK(right < 0.35 * 5000);
}

TEST_CASE("Speakers of the next-word data have dialects", "[datasets]")
{
    const auto counts = counted();
    std::map<std::size_t, int> favourites;  // of a dialect's speakers
    std::map<std::size_t, int> samples;
    for (std::size_t i = 0; i < data().train.size(); ++i) {
        const auto dialect = data().train.nodes[i] % 4;
        ++samples[dialect];
        favourites[dialect] += favourite(counts.at(context_of(data().train, i))) == data().train.labels[i] ? 1 : 0;
    }
    // 3/4 x 10/16, and a quarter more in the first.
    for (std::size_t dialect = 0; dialect < 4; ++dialect)
        CHECK(favourites[dialect] / double(samples[dialect]) ==
              Approx(0.46875 + (dialect == 0 ? 0.25 : 0)).margin(0.02));
}
