#include "common/learning/updates/differences.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::learning;

TEST_CASE("Models are added and subtracted by one operation of float32 a parameter", "[learning]")
{
    // 19 of them: whole vectors of every width, and a rest. 2^24 + 1 is no float32, and 0.1f + 0.2f is rounded.
    std::vector<float> values(19);
    std::vector<float> others(19);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = i % 2 == 0 ? 0.1f : 0x1p24f;
        others[i] = i % 2 == 0 ? 0.2f : 1.0f;
    }
    auto sums = values;
    add(sums, others);
    auto differences = values;
    subtract(differences, others);
    for (std::size_t i = 0; i < values.size(); ++i) {
        CHECK(sums[i] == (i % 2 == 0 ? 0.3f : 0x1p24f));
        CHECK(differences[i] == (i % 2 == 0 ? -0.1f : 0x1p24f - 1));
    }
}
