#include "experiments/sweep/sweep_means.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::experiments;

namespace {

SweepRow row(const std::string& training, const std::string& alpha, double grams, std::optional<bool> reached)
{
    SweepRow result;
    result.run.values = {alpha};
    result.training = training;
    result.spent_gco2e = grams;
    result.best_test_accuracy = grams / 10;
    result.rounds = static_cast<std::uint32_t>(grams);
    result.virtual_seconds = 2 * grams;
    result.reached_target = reached;
    return result;
}

std::vector<const SweepRow*> all(const std::vector<SweepRow>& rows)
{
    std::vector<const SweepRow*> pointers;
    for (const auto& each : rows) pointers.push_back(&each);
    return pointers;
}

}  // namespace

TEST_CASE("What it takes to reach the target is the mean of those that did; what was spent, and accuracy, of all")
{
    const auto mean = mean_of(all({row("fl", "1", 2, true), row("fl", "1", 4, true), row("fl", "1", 9, false)}));
    CHECK(mean.rows == 3);
    CHECK(mean.reached == 2);
    CHECK(mean.gco2e->mean == 3);
    CHECK(mean.gco2e->standard_deviation.value() == Approx(1.41421));  // the root of (1 + 1) / 1
    CHECK(mean.rounds->mean == 3);
    CHECK(mean.virtual_seconds->most == 8);
    CHECK(mean.spent_gco2e.mean == 5);
    CHECK(mean.best_test_accuracy.mean == Approx(0.5));
}

TEST_CASE("Without a target a training has done what it should, unless it diverged")
{
    auto diverged = row("fl", "1", 4, std::nullopt);
    diverged.diverged = true;
    CHECK(mean_of(all({row("fl", "1", 2, std::nullopt), diverged})).gco2e->mean == 2);
    CHECK_FALSE(mean_of(all({diverged})).gco2e.has_value());
}

TEST_CASE("Settings are rows that differ in the seed alone, training by training")
{
    const std::vector<SweepRow> rows{row("central", "1", 1, true), row("fl", "1", 2, true),
                                     row("central", "5", 3, true), row("fl", "5", 4, true), row("fl", "1", 6, true)};
    const auto settings = settings_of(rows);
    REQUIRE(settings.size() == 4);
    CHECK(settings[1].training == "central");
    CHECK(settings[1].values == std::vector<std::string>{"5"});
    CHECK(settings[2].training == "fl");
    CHECK(settings[2].rows == std::vector<const SweepRow*>{&rows[1], &rows[4]});
}
