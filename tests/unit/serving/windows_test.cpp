#include "common/serving/windows.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/serving/milliseconds.hpp"

using namespace fedgram;
using namespace fedgram::serving;
using test::ms;

namespace {

// A second with so many answers, each of which took so long.
Window window(int answers, int milliseconds)
{
    Window one{.length = ms(1000)};
    for (int i = 0; i < answers; ++i) one.latencies.add(ms(milliseconds));
    return one;
}

}  // namespace

TEST_CASE("Three windows in a row that agree to 10 % in throughput and in mean latency are stable")
{
    CHECK(stability({}) == Stability::open);
    CHECK(stability(std::vector{window(100, 10), window(100, 10)}) == Stability::open);
    CHECK(stability(std::vector{window(100, 10), window(110, 10), window(105, 11)}) == Stability::stable);
    CHECK(stability(std::vector{window(100, 10), window(111, 10), window(105, 10)}) == Stability::open);
    CHECK(stability(std::vector{window(100, 100), window(100, 111), window(100, 105)}) == Stability::open);
    // Not in a row; then the last three.
    CHECK(stability(std::vector{window(50, 10), window(100, 10), window(50, 10)}) == Stability::open);
    CHECK(stability(std::vector{window(50, 10), window(100, 10), window(100, 10), window(100, 10)}) ==
          Stability::stable);
}

TEST_CASE("A window without an answer agrees with none, also of its kind")
{
    CHECK(stability(std::vector{window(0, 0), window(0, 0), window(0, 0)}) == Stability::open);
}

TEST_CASE("After ten windows that never agreed a measurement is unstable, unless the last three do")
{
    std::vector<Window> windows;
    for (int i = 0; i < 9; ++i) windows.push_back(window(100 * (1 + i % 2), 10));
    CHECK(stability(windows) == Stability::open);
    windows.push_back(window(200, 10));
    CHECK(stability(windows) == Stability::unstable);
    windows[7] = windows[8] = windows[9];
    CHECK(stability(windows) == Stability::stable);
}

// By hand: 300 answers in 2 s, of which 100 took 10 ms and 200 took 40 ms.
TEST_CASE("Windows as one have the requests of all, each with the same weight")
{
    const auto both = merged(std::vector{window(100, 10), window(200, 40)});
    CHECK(both.per_second() == Approx(150));
    CHECK(both.latencies.mean().count() == Approx(0.030));
    CHECK(both.latencies.count() == 300);
}
