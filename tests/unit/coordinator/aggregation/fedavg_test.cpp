#include "coordinator/aggregation/fedavg.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <numeric>
#include <span>

#include "common/random/stream.hpp"

using fedgram::coordinator::FedAvg;

TEST_CASE("FedAvg weights each update by its samples", "[coordinator]")
{
    // By hand: (1 * 1 + 3 * 5) / 4 = 4, (1 * -2 + 3 * 2) / 4 = 1.
    FedAvg sum{2};
    sum.add(std::vector{1.0f, -2.0f}, 1);
    sum.add(std::vector{5.0f, 2.0f}, 3);
    CHECK(sum.result() == std::vector{4.0f, 1.0f});
}

TEST_CASE("FedAvg takes a sum of updates for the updates themselves", "[coordinator]")
{
    FedAvg one_by_one{2};
    FedAvg in_part{2};
    fedgram::learning::ExactSum part{2};
    const std::vector updates{std::vector{1.0f, -2.0f}, std::vector{5.0f, 2.0f}, std::vector{0.1f, -1.0f / 3}};
    for (std::size_t i = 0; i < updates.size(); ++i) {
        one_by_one.add(updates[i], i + 1);
        if (i > 0)
            part.add(updates[i], i + 1);
        else
            in_part.add(updates[i], i + 1);
    }
    std::vector<float> words;
    part.write(words);
    in_part.add(fedgram::learning::PartialSum::read(words, 2).value(), 2 + 3, 2);
    CHECK(in_part.result() == one_by_one.result());
    CHECK(in_part.work() == one_by_one.work());
}

TEST_CASE("The mean of equal updates is the update, bit for bit", "[coordinator]")
{
    const std::vector update{0.1f, -1.0f / 3, 1e-12f, -7.25e8f, 0.0f};
    FedAvg sum{update.size()};
    for (const std::uint64_t samples : {1, 6000, 17, 60'000}) sum.add(update, samples);
    CHECK(sum.result() == update);
}

TEST_CASE("The mean doesn't depend on the order of arrival", "[coordinator]")
{
    fedgram::Stream random{1, fedgram::Purpose::initial_parameters};
    constexpr std::size_t parameters = 257;
    std::vector<std::vector<float>> updates(20, std::vector<float>(parameters));
    for (auto& update : updates)
        for (auto& value : update) value = static_cast<float>(random.normal() * 1e3 * random.uniform());
    std::vector<std::size_t> order(updates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});

    std::vector<float> first;
    for (int trial = 0; trial < 50; ++trial) {
        FedAvg sum{parameters};
        for (const auto i : order) sum.add(updates[i], 100 + i);
        if (trial == 0) first = sum.result();
        REQUIRE(sum.result() == first);
        random.shuffle(std::span{order});
    }
}

TEST_CASE("The mean agrees with one in double precision", "[coordinator]")
{
    fedgram::Stream random{2, fedgram::Purpose::initial_parameters};
    constexpr std::size_t parameters = 1000;
    FedAvg sum{parameters};
    std::vector<double> reference(parameters);
    double total = 0;
    for (std::uint64_t node = 0; node < 10; ++node) {
        std::vector<float> update(parameters);
        const std::uint64_t samples = 1 + random.below(10'000);
        for (std::size_t i = 0; i < parameters; ++i) {
            update[i] = static_cast<float>(0.05 * random.normal());
            reference[i] += static_cast<double>(update[i]) * static_cast<double>(samples);
        }
        total += static_cast<double>(samples);
        sum.add(update, samples);
    }
    const auto mean = sum.result();
    for (std::size_t i = 0; i < parameters; ++i)
        REQUIRE(mean[i] == Approx(reference[i] / total).epsilon(1e-6).margin(1e-12));
}
