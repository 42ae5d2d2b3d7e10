#include "common/report/statement/least_setting.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::report;

namespace {

SettingGrams setting(const std::string& name, const std::vector<double>& grams) { return {name, statistics(grams)}; }

}  // namespace

TEST_CASE("The least setting is told apart from those whose runs all emit more")
{
    // Means 2, 3, 6 and 2.5; 3 / 2 = 1.5, 6 / 2 = 3; the ranges 1-3 and 2.4-2.6 overlap, 1-3 and 3.1-... don't.
    CHECK(
        least_setting({setting("c", {5, 7}), setting("a", {1, 3}), setting("b", {3.1, 3.5}), setting("d", {2.4, 2.6})},
                      2) ==
        "a emits least, 2.00 ± 1.41 g. Beyond the spread of the seeds, b emits 1.65 times that (3.30 ± 0.28 g) and, of "
        "all the most, c emits 3.00 times that (6.00 ± 1.41 g). The seeds don't tell it apart from d. 2 settings "
        "missed the target in a run and are left out.");
}

TEST_CASE("What lies within the spread of the seeds is no difference")
{
    CHECK(least_setting({setting("a", {1, 3}), setting("b", {2.9, 4}), setting("c", {1, 5}), setting("d", {1, 6}),
                         setting("e", {1, 7})},
                        0) == "a emits least, 2.00 ± 1.41 g. The seeds don't tell it apart from c; b; d and 1 more.");
}

TEST_CASE("With one run of a setting nothing is said of the spread")
{
    CHECK(
        least_setting({setting("a", {2}), setting("b", {3})}, 0) ==
        "a emits least, 2.00 g. b emits 1.50 times that (3.00 g); with one run of a setting nobody knows the spread of "
        "its seeds.");
}

TEST_CASE("Settings without a result, or alone with one, or all alike")
{
    CHECK(least_setting({}, 3) == "No setting has a result in each of its runs.");
    CHECK(least_setting({setting("a", {2, 2})}, 1) ==
          "Only a has a result in each of its runs, 2.00 ± 0.00 g. One setting missed the target in a run and is left "
          "out.");
    CHECK(least_setting({setting("a", {2, 2}), setting("b", {2, 2})}, 0) ==
          "All settings emit the same, 2.00 ± 0.00 g.");
}

TEST_CASE("On a grid without emissions there is no number of times")
{
    CHECK(least_setting({setting("a", {0, 0}), setting("b", {1, 1})}, 0) ==
          "a emits least, 0 ± 0 g. Beyond the spread of the seeds, b emits more (1.00 ± 0.00 g).");
}
