#include "experiments/reducing/side_by_side.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <stdexcept>
#include <string>
#include <vector>

using fedgram::experiments::side_by_side;

TEST_CASE("Each number is worked on once, whatever the threads")
{
    for (const std::uint32_t threads : {1U, 2U, 8U}) {
        std::vector<std::atomic<int>> calls(20);
        side_by_side(calls.size(), threads, [&](std::size_t number) { ++calls[number]; });
        for (const auto& each : calls) CHECK(each == 1);
    }
    side_by_side(0, 2, [](std::size_t) { FAIL(); });
}

TEST_CASE("As many are worked on at once as there are threads")
{
    // Each of three waits until all three have begun.
    std::latch begun{3};
    side_by_side(3, 3, [&](std::size_t) { begun.arrive_and_wait(); });
    CHECK(begun.try_wait());
}

TEST_CASE("One that throws keeps no other from its turn, and the first by its number is told")
{
    std::atomic<int> calls = 0;
    const auto work = [&](std::size_t number) {
        ++calls;
        if (number == 3 || number == 1) throw std::runtime_error{std::to_string(number)};
    };
    CHECK_THROWS_WITH(side_by_side(6, 2, work), "1");
    CHECK(calls == 6);
}
