#include "common/spec/parse_selection.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;
using nlohmann::ordered_json;
using spec::SelectionKind;

namespace {

/// A training of 20 nodes, five of them a round, with the shared section's selection and, if wanted, one of its own.
ordered_json spec_with(const std::string& shared, const std::string& own = "")
{
    return ordered_json::parse(R"({"name": "mine", "model": "small-cnn",
        "federated": {"nodes": 20, "client_fraction": 0.25, "selection": )" +
                               shared + R"(}, "trainings": [{"label": "fed", "kind": "federated")" +
                               (own.empty() ? "" : ", \"selection\": " + own) + "}]}");
}

spec::Selection selection_of(const std::string& shared, const std::string& own = "")
{
    return std::get<spec::Federated>(spec::parse_experiment(spec_with(shared, own)).trainings.at(0).kind).selection;
}

ordered_json resolved(const std::string& shared)
{
    return spec::to_json(spec::parse_experiment(spec_with(shared))).at("trainings").at(0);
}

std::string error_of(const std::string& shared, const std::string& own = "")
{
    try {
        static_cast<void>(spec::parse_experiment(spec_with(shared, own)));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a selection is a policy's name alone or an object, and builds on the shared one of its policy", "[spec]")
{
    CHECK(selection_of(R"("uniform")").is_default());
    CHECK(selection_of(R"("by-samples")").policy == SelectionKind::by_samples);
    const std::string shared = R"({"policy": "oort", "cut_off": 0.05, "max_participations": 3})";
    const auto amended = selection_of(shared, R"({"explore": 0.5})");
    CHECK(amended.policy == SelectionKind::oort);
    CHECK(amended.oort.cut_off == 0.05);
    CHECK(amended.oort.explore == 0.5);
    CHECK(amended.max_participations == 3u);
    const auto replaced = selection_of(shared, R"("lowest-intensity")");
    CHECK(replaced.policy == SelectionKind::lowest_intensity);
    CHECK_FALSE(replaced.max_participations);
    CHECK_FALSE(selection_of(shared, R"({"max_participations": null})").max_participations);
}

TEST_CASE("a resolved specification says nothing of a uniform selection without a limit, and all of others", "[spec]")
{
    CHECK_FALSE(resolved(R"("uniform")").contains("selection"));
    CHECK_FALSE(resolved(R"({"policy": "uniform"})").contains("selection"));
    const auto written = [](const std::string& shared) { return resolved(shared).at("selection").dump(); };
    CHECK(written(R"({"max_participations": 4})") == R"({"policy":"uniform","max_participations":4})");
    CHECK(written(R"("by-samples")") == R"({"policy":"by-samples"})");
    CHECK(written(R"("power-of-choice")") == R"({"policy":"power-of-choice","candidates":10,"loss":"all"})");
    CHECK(written(R"("oort")") ==
          R"({"policy":"oort","explore":0.9,"explore_decay":0.95,"explore_min":0.2,"explore_window":5.0,)"
          R"("round_penalty":2.0,"clip_quantile":0.98,"cut_off":0.7,"pacer_delta":5.0,"start_percentile":10.0,)"
          R"("pacer_step":20})");
    CHECK(written(R"("lowest-intensity")") == R"({"policy":"lowest-intensity"})");
    CHECK(written(R"({"policy": "alpha-fair", "max_grams": 150, "window_hours": 48})") ==
          R"({"policy":"alpha-fair","max_grams":150.0,"beyond_cap":"skip","alpha":0.1,"window_hours":48,)"
          R"("final_rounds":0})");
    CHECK(written(R"({"policy": "wait-for-cleaner", "slack_hours": 6})") ==
          R"({"policy":"wait-for-cleaner","slack_hours":6.0})");
    CHECK(written(R"({"policy": "grams-cap", "max_grams": 5, "beyond_cap": "stop"})") ==
          R"({"policy":"grams-cap","max_grams":5.0,"beyond_cap":"stop"})");
}

TEST_CASE("each selection reads back equal", "[spec]")
{
    const auto shared =
        GENERATE(as<std::string>{}, R"("uniform")", R"({"max_participations": 4})", R"("by-samples")",
                 R"({"policy": "power-of-choice", "candidates": 7, "loss": "mini-batch"})",
                 R"({"policy": "power-of-choice", "loss": "last-known", "max_participations": 1})",
                 R"({"policy": "oort", "explore": 0, "explore_decay": 1, "explore_min": 0, "explore_window": 1,
            "round_penalty": 0, "clip_quantile": 0.9, "cut_off": 0.05, "pacer_step": 1, "pacer_delta": 1,
            "start_percentile": 100})",
                 R"({"policy": "alpha-fair", "max_grams": 0.5, "beyond_cap": "stop", "alpha": 1, "window_hours": 8784,
            "final_rounds": 3})",
                 R"({"policy": "wait-for-cleaner", "slack_hours": 0.5})", R"({"policy": "grams-cap", "max_grams": 5})");
    const auto once = spec::to_json(spec::parse_experiment(spec_with(shared)));
    CHECK(spec::to_json(spec::parse_experiment(once)).dump() == once.dump());
}

TEST_CASE("power-of-choice takes twice the cohort as candidates, or all nodes where those are fewer", "[spec]")
{
    spec::Selection selection{.policy = SelectionKind::power_of_choice};
    spec::settle_candidates(selection, "selection", 5, 20);
    CHECK(selection.candidates == 10u);
    selection.candidates.reset();
    spec::settle_candidates(selection, "selection", 15, 20);
    CHECK(selection.candidates == 20u);
    spec::Selection uniform;
    spec::settle_candidates(uniform, "selection", 5, 20);
    CHECK_FALSE(uniform.candidates);
}

TEST_CASE("what is wrong in a selection is named with its path, its value and what would be valid", "[spec]")
{
    struct Case {
        std::string shared;
        std::string error;
    };
    const auto [shared, error] = GENERATE(values<Case>({
        {R"("random")",
         "federated.selection: \"random\" is not valid; use one of \"uniform\", \"by-samples\", \"power-of-choice\", "
         "\"oort\", \"lowest-intensity\", \"alpha-fair\", \"wait-for-cleaner\", \"grams-cap\""},
        {"7",
         "federated.selection: 7 is not valid; use one of \"uniform\", \"by-samples\", \"power-of-choice\", "
         "\"oort\", \"lowest-intensity\", \"alpha-fair\", \"wait-for-cleaner\", \"grams-cap\", or an object with "
         "a policy"},
        {R"({"policy": "uniform", "candidates": 3})",
         "federated.selection.candidates: unknown key; use one of max_participations, policy"},
        {R"({"max_participations": 0})",
         "federated.selection.max_participations: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"policy": "power-of-choice", "loss": "mean"})",
         "federated.selection.loss: \"mean\" is not valid; use one of \"all\", \"mini-batch\", \"last-known\""},
        {R"({"policy": "power-of-choice", "candidates": 4})",
         "trainings.fed.selection.candidates: 4 is not valid; use a whole number from the cohort's 5 to the 20 nodes"},
        {R"({"policy": "power-of-choice", "candidates": 21})",
         "trainings.fed.selection.candidates: 21 is not valid; use a whole number from the cohort's 5 to the 20 nodes"},
        {R"({"policy": "oort", "explore": 1.5, "explore_window": 0, "start_percentile": 0, "blacklist": 3})",
         "federated.selection.explore: 1.5 is not valid; use a number from 0 to 1\n"
         "federated.selection.explore_window: 0 is not valid; use a number of at least 1\n"
         "federated.selection.start_percentile: 0 is not valid; use a number greater than 0 and at most 100\n"
         "federated.selection.blacklist: unknown key; use one of clip_quantile, cut_off, explore, explore_decay, "
         "explore_min, explore_window, max_participations, pacer_delta, pacer_step, policy, round_penalty, "
         "start_percentile"},
        {R"("alpha-fair")", "federated.selection.max_grams: is missing\nfederated.selection.window_hours: is missing"},
        {R"({"policy": "alpha-fair", "max_grams": 0, "window_hours": 9000, "alpha": 0, "beyond_cap": "go"})",
         "federated.selection.max_grams: 0 is not valid; use a number greater than 0\n"
         "federated.selection.beyond_cap: \"go\" is not valid; use one of \"skip\", \"stop\"\n"
         "federated.selection.alpha: 0 is not valid; use a number greater than 0 and at most 1\n"
         "federated.selection.window_hours: 9000 is not valid; use a whole number from 1 to 8784"},
        {R"({"policy": "alpha-fair", "max_grams": 1, "window_hours": 3, "final_rounds": 4})",
         "federated.selection.final_rounds: 4 is more than the 3 of window_hours; use a smaller number"},
        {R"("wait-for-cleaner")", "federated.selection.slack_hours: is missing"},
        {R"({"policy": "wait-for-cleaner", "slack_hours": 0})",
         "federated.selection.slack_hours: 0 is not valid; use a number greater than 0 and at most 8784"},
        {R"("grams-cap")", "federated.selection.max_grams: is missing"},
    }));
    CHECK(error_of(shared) == error);
}

TEST_CASE("nothing is said of a selection that builds on one that was refused", "[spec]")
{
    CHECK(error_of(R"("random")", R"({"max_participations": 3})") ==
          "federated.selection: \"random\" is not valid; use one of \"uniform\", \"by-samples\", \"power-of-choice\", "
          "\"oort\", \"lowest-intensity\", \"alpha-fair\", \"wait-for-cleaner\", \"grams-cap\"");
}

TEST_CASE("a policy says what it needs of the grid", "[spec]")
{
    using spec::GridNeed;
    CHECK(spec::grid_need(SelectionKind::uniform) == GridNeed::none);
    CHECK(spec::grid_need(SelectionKind::oort) == GridNeed::none);
    const auto check = [](SelectionKind policy, GridNeed known) {
        spec::check_grid({.policy = policy}, "trainings.fed.selection", known);
    };
    CHECK_NOTHROW(check(SelectionKind::by_samples, GridNeed::none));
    CHECK_NOTHROW(check(SelectionKind::lowest_intensity, GridNeed::intensity));
    CHECK_NOTHROW(check(SelectionKind::alpha_fair, GridNeed::hours));
    CHECK_THROWS_MATCHES(check(SelectionKind::grams_cap, GridNeed::none), SpecError,
                         Catch::Matchers::Message(
                             "trainings.fed.selection.policy: \"grams-cap\" needs a grid where each node is; state one "
                             "for every node's place, or use \"uniform\""));
    CHECK_THROWS_MATCHES(
        check(SelectionKind::wait_for_cleaner, GridNeed::intensity), SpecError,
        Catch::Matchers::Message(
            "trainings.fed.selection.policy: \"wait-for-cleaner\" needs an hourly grid where each node "
            "is; state one for every node's place, or use \"uniform\""));
}
