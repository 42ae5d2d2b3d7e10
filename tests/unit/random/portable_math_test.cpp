#include "common/random/portable_math.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace fedgram;

namespace {

double relative_error(double value, double expected) { return std::abs(value - expected) / std::abs(expected); }

}  // namespace

TEST_CASE("The portable logarithm agrees with the library's to 1e-14", "[random]")
{
    double worst = 0;
    for (int i = -3000; i <= 3000; ++i) {
        const double x = std::pow(1.2, i * 0.61);  // 1e-145 to 1e145
        if (x != 1) worst = std::max(worst, relative_error(portable::log(x), std::log(x)));
    }
    for (int i = 1; i < 4000; ++i)  // near 1, where the value itself is small
        for (const double x : {1 + i * 1e-6, 1 - i * 1e-6, 0.7 + i * 1e-5})
            worst = std::max(worst, relative_error(portable::log(x), std::log(x)));
    CHECK(worst < 1e-14);
    CHECK(portable::log(1) == 0);
    CHECK(relative_error(portable::log(5e-324), -744.4400719213812) < 1e-14);
    CHECK(relative_error(portable::log(std::numeric_limits<double>::max()), 709.782712893384) < 1e-14);
}

TEST_CASE("Logarithms of many floats have the bits of each by itself", "[random]")
{
    std::vector<float> values{1, 1e-45F, 1e-38F, std::numeric_limits<float>::max(), 0.7071067F, 0.7071068F};
    for (int i = -500; i < 500; ++i) values.push_back(static_cast<float>(std::pow(1.17, i)));
    std::vector<double> results(values.size());
    portable::log(values, results);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(results[i] == portable::log(static_cast<double>(values[i])));

    const std::vector<float> none(9, std::numeric_limits<float>::quiet_NaN());
    portable::log(none, results);
    for (std::size_t i = 0; i < none.size(); ++i) CHECK(std::isnan(results[i]));
}

TEST_CASE("The portable exponential agrees with the library's to 1e-14", "[random]")
{
    double worst = 0;
    for (double x = -708; x < 709; x += 0.137) worst = std::max(worst, relative_error(portable::exp(x), std::exp(x)));
    CHECK(worst < 1e-14);
    CHECK(portable::exp(0) == 1);
    CHECK(portable::exp(-746) == 0);
    CHECK(portable::exp(-1e300) == 0);
    CHECK(std::isfinite(portable::exp(1e300)));
}
