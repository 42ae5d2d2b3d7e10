#include "common/learning/updates/norms.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "common/learning/updates/largest_magnitude.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

TEST_CASE("The distance of two models is the norm of their difference, for every length", "[coordinator]")
{
    Stream random{1, Purpose::initial_parameters};
    CHECK(l2_distance(std::vector{3.0f, -1.0f}, std::vector{0.0f, 3.0f}) == 5);  // by hand: sqrt(9 + 16)
    for (std::size_t size = 0; size < 100; ++size) {
        std::vector<float> a(size);
        std::vector<float> b(size);
        double squares = 0;
        for (std::size_t i = 0; i < size; ++i) {
            a[i] = static_cast<float>(random.normal());
            b[i] = static_cast<float>(random.normal());
            squares += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
        }
        REQUIRE(l2_distance(a, b) == Approx(std::sqrt(squares)).epsilon(1e-14));
    }
}

TEST_CASE("The peak is the largest magnitude, wherever it stands, and NaN where there is one", "[coordinator]")
{
    CHECK(largest_magnitude({}) == 0);
    for (std::size_t place = 0; place < 70; ++place) {
        std::vector<float> values(70, -0.5f);
        values[place] = -2;
        REQUIRE(largest_magnitude(values) == 2);
        values[69 - place] = std::numeric_limits<float>::infinity();
        REQUIRE(largest_magnitude(values) == std::numeric_limits<float>::infinity());
        values[place] = std::numeric_limits<float>::quiet_NaN();
        REQUIRE(std::isnan(largest_magnitude(values)));
    }
}
