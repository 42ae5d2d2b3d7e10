#include <deque>
#include <map>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"
#include "experiments/search/all_trials.hpp"
#include "experiments/search/asha.hpp"
#include "experiments/search/halving.hpp"
#include "experiments/search/virtual_workers.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

const Objective most_accurate{.kind = Objective::Kind::most_accurate, .max_gco2e = 1e9};

/// A trial whose accuracy is its number, so that the highest ones win.
Course course_of(const Assignment& assignment)
{
    return {.points = {{assignment.rounds, static_cast<double>(assignment.trial) / 1000, 1}}};
}

/// All that a search assigns, one after the other.
std::vector<Assignment> all_of(Search& search)
{
    std::vector<Assignment> all;
    while (const auto next = search.next()) {
        all.push_back(*next);
        search.ended(*next, course_of(*next));
    }
    return all;
}

}  // namespace

TEST_CASE("Successive halving lets the best of a whole rung go on", "[search]")
{
    Halving search{{halving_bracket(9, 1, 9, 3)}, most_accurate};
    CHECK(search.trials() == 9);
    std::vector<Assignment> first;
    while (const auto next = search.next()) first.push_back(*next);
    REQUIRE(first.size() == 9);  // the rest waits for them
    for (const auto& one : first) search.ended(one, course_of(one));
    const auto rest = all_of(search);
    CHECK(rest == std::vector<Assignment>{{8, 3}, {7, 3}, {6, 3}, {8, 9}});
}

TEST_CASE("Hyperband's brackets have trials of their own, and a free worker takes what there is", "[search]")
{
    Halving search{hyperband_brackets(9, 3), most_accurate};
    CHECK(search.trials() == 9 + 5 + 3);
    std::map<std::uint32_t, int> rounds;
    for (const auto& one : all_of(search)) ++rounds[one.rounds];
    CHECK(rounds == std::map<std::uint32_t, int>{{1, 9}, {3, 3 + 5}, {9, 1 + 1 + 3}});
}

TEST_CASE("A trial that has failed never goes on", "[search]")
{
    Halving halving{{halving_bracket(3, 1, 3, 3)}, most_accurate};
    for (int i = 0; i < 3; ++i) {
        const auto one = *halving.next();
        auto course = course_of(one);
        course.failed = true;
        halving.ended(one, course);
    }
    CHECK_FALSE(halving.next());
}

// By hand, eta 2, one worker. Of two results the better one goes on, at once; each later trial is better than all
// before.
TEST_CASE("ASHA promotes as soon as a rung has enough results, from the top down", "[search]")
{
    Asha search{4, {1, 2, 4}, 2, most_accurate};
    CHECK(all_of(search) ==
          std::vector<Assignment>{{0, 1}, {1, 1}, {1, 2}, {2, 1}, {2, 2}, {2, 4}, {3, 1}, {3, 2}, {3, 4}});
}

TEST_CASE("A worker that ends first is told of first, once no other can have ended before", "[search]")
{
    VirtualWorkers workers{2};
    workers.begin({0, 1});
    workers.begin({1, 1});
    CHECK_FALSE(workers.has_free());
    workers.takes({1, 1}, 5);
    CHECK_FALSE(workers.next_end());  // the first may have ended by then
    workers.at_least({0, 1}, 4);
    CHECK_FALSE(workers.next_end());
    workers.at_least({0, 1}, 6);
    const auto end = workers.next_end();
    REQUIRE(end);
    CHECK(end->assignment == Assignment{1, 1});
    CHECK(end->at == 5);
    workers.begin({2, 1});  // at 5
    workers.takes({2, 1}, 1);
    workers.takes({0, 1}, 6);
    CHECK(workers.next_end()->assignment == Assignment{0, 1});  // at the same time, and before it in the row
    CHECK(workers.next_end()->assignment == Assignment{2, 1});
    CHECK(workers.now() == 6);
    CHECK(workers.all_free());
}

// The property for which there is a virtual clock: as many real workers as there may be, in any order, make no
// difference.
TEST_CASE("ASHA's promotions are the same for 1, 2 and 8 real workers", "[search]")
{
    const auto seconds_of = [](const Assignment& assignment) {
        Stream stream{11, Purpose::search, assignment.trial, assignment.rounds};
        return 1 + 10 * stream.uniform();
    };
    const auto decided = [&](std::size_t real, std::uint64_t chance) {
        Asha search{30, {1, 3, 9}, 3, most_accurate};
        VirtualWorkers workers{8};
        Stream random{chance, Purpose::search};
        std::deque<Assignment> waiting;
        std::map<std::pair<std::size_t, std::uint32_t>, double> running;  // how much of it is done
        std::vector<Assignment> decisions;
        while (true) {
            while (workers.has_free()) {
                const auto next = search.next();
                if (!next) break;
                decisions.push_back(*next);
                workers.begin(*next);
                waiting.push_back(*next);
            }
            if (const auto end = workers.next_end()) {
                search.ended(end->assignment, course_of(end->assignment));
                continue;
            }
            if (workers.all_free()) return decisions;
            while (running.size() < real && !waiting.empty()) {
                running[{waiting.front().trial, waiting.front().rounds}] = 0;
                waiting.pop_front();
            }
            // One of them gets on by chance.
            auto it = std::next(running.begin(), static_cast<std::ptrdiff_t>(random.below(running.size())));
            const Assignment one{it->first.first, it->first.second};
            it->second += 3 * random.uniform();
            if (it->second < seconds_of(one)) {
                workers.at_least(one, it->second);
            } else {
                workers.takes(one, seconds_of(one));
                running.erase(it);
            }
        }
    };
    const auto expected = decided(1, 1);
    CHECK(expected.size() > 35);
    for (const std::size_t real : {1, 2, 8})
        for (std::uint64_t chance = 2; chance < 12; ++chance) CHECK(decided(real, chance) == expected);
}

TEST_CASE("A grid trains each of its trials to the end, once", "[search]")
{
    AllTrials search{3, 100};
    CHECK(all_of(search) == std::vector<Assignment>{{0, 100}, {1, 100}, {2, 100}});
}
