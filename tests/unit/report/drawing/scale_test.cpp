#include "common/report/drawing/scale.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::report;

namespace {

std::vector<std::string> labels(const Scale& scale)
{
    std::vector<std::string> all;
    for (const auto& tick : scale.ticks())
        if (!tick.text.empty()) all.push_back(tick.text + (tick.power.empty() ? "" : "^" + tick.power));
    return all;
}

constexpr auto linear = Axis::Scale::linear;
constexpr auto logarithmic = Axis::Scale::logarithmic;

}  // namespace

TEST_CASE("A linear axis has steps of 1, 2 or 5, and ends at one")
{
    const Scale scale{linear, {80.28, 90.17}, 60, 0};  // upwards
    CHECK(labels(scale) == std::vector<std::string>{"80", "82", "84", "86", "88", "90", "92"});
    CHECK(scale.at(80) == Approx(60));
    CHECK(scale.at(92) == Approx(0).margin(1e-9));
    CHECK(labels(Scale{linear, {0, 1}, 0, 60}) == std::vector<std::string>{"0", "1"});  // rounds are whole
    CHECK(labels(Scale{linear, {0, 0.31}, 0, 60}) ==
          std::vector<std::string>{"0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30", "0.35"});
    CHECK(labels(Scale{linear, {90}, 0, 60}) == std::vector<std::string>{"90", "91"});
}

TEST_CASE("A logarithmic axis has steps of 1, 2 and 5, and fewer labels where they would meet")
{
    const Scale short_one{logarithmic, {0.004, 0.05}, 0, 60};
    CHECK(labels(short_one) == std::vector<std::string>{"0.002", "0.005", "0.01", "0.02", "0.05"});
    CHECK(short_one.at(0.01) == Approx(30).margin(1e-9));  // halfway from 0.002 to 0.05
    CHECK(labels(Scale{logarithmic, {1e-6, 100}, 0, 70}) ==
          std::vector<std::string>{"10^-6", "10^-5", "10^-4", "10^-3", "10^-2", "10^-1", "10^0", "10^1", "10^2"});
    CHECK(labels(Scale{logarithmic, {1e-12, 1e12}, 0, 40}).size() < 9);
    CHECK(labels(Scale{logarithmic, {7}, 0, 60}) == std::vector<std::string>{"5", "10"});
    CHECK(labels(Scale{logarithmic, {2e6}, 0, 60}) == std::vector<std::string>{"2\u00d710^6", "5\u00d710^6"});
}

TEST_CASE("What is 0 has a lane of its own ahead of a logarithmic axis")
{
    const Scale scale{logarithmic, {0, 0.1, 10}, 10, 60};
    REQUIRE(scale.has_lane());
    CHECK(scale.at(0) == Approx(10));
    CHECK(scale.at(0.1) > scale.gap());
    CHECK(scale.gap() > scale.at(0));
    CHECK(labels(scale).front() == "0");
    CHECK_FALSE(Scale{logarithmic, {0.1, 10}, 10, 60}.has_lane());
    CHECK(Scale{logarithmic, {0, 0}, 10, 60}.at(0) == Approx(10));  // nothing but zeros
}
